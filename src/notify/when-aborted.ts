/** Rejects with the signal's reason once it is aborted: for calls that know no signal. */
export function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const abort = (): void => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
  });
}

/** Aborted after that time, and with the signal that is given. */
export function stopAfter(timeoutMs: number, signal: AbortSignal | undefined): { late: AbortSignal; stop: AbortSignal } {
  const late = AbortSignal.timeout(timeoutMs);
  return { late, stop: signal === undefined ? late : AbortSignal.any([late, signal]) };
}
