type Report = { excludeEnv?: boolean };

/**
 * Ends the process on an error that nobody waited for, told as any other: Node would print the whole error, and with it whatever it holds,
 * such as a database URL. `tell` returns the exit code. Returns how to stop watching.
 */
export function watchCrashes(tell: (error: unknown) => number): () => void {
  // Where the user has Node write reports of crashes, not with the variables that hold passwords.
  (process.report as Report).excludeEnv = true;
  const onCrash = (error: unknown): void => {
    process.exit(tell(error));
  };
  process.on('uncaughtException', onCrash);
  return () => process.off('uncaughtException', onCrash);
}
