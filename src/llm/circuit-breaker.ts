type BreakerOptions = { failures: number; openMs: number; now: () => number };

export type CircuitBreaker = ReturnType<typeof createCircuitBreaker>;

/** How often to look whether the call that tries is back. */
const LOOK_AGAIN_MS = 50;

/** After so many failures in a row nobody calls for a while, then one call tries whether the server is back. */
export function createCircuitBreaker({ failures, openMs, now }: BreakerOptions) {
  let streak = 0;
  let failingSinceMs: number | undefined;
  let openUntilMs: number | undefined;
  let isTrying = false;
  return {
    /** 0: go ahead, and say how it ended; else ms to wait before asking again. */
    enter(): number {
      if (openUntilMs === undefined) return 0;
      if (isTrying) return LOOK_AGAIN_MS;
      const waitMs = openUntilMs - now();
      if (waitMs > 0) return waitMs;
      isTrying = true;
      return 0;
    },
    /** For how long every call has failed. */
    outageMs(): number {
      return failingSinceMs === undefined ? 0 : now() - failingSinceMs;
    },
    answered(): void {
      streak = 0;
      isTrying = false;
      failingSinceMs = undefined;
      openUntilMs = undefined;
    },
    failed(): void {
      streak += 1;
      isTrying = false;
      failingSinceMs ??= now();
      if (streak >= failures) openUntilMs = now() + openMs;
    },
    /** The call was given up before anything was known. */
    leave(): void {
      isTrying = false;
    },
  };
}
