const MINUTE_MS = 60_000;

/** How many a minute, of so many in so many ms; null where that says nothing. */
export function perMinute(count: number, windowMs: number): number | null {
  return count > 0 && windowMs > 0 ? (count * MINUTE_MS) / windowMs : null;
}

/** Ms until work that came so far in `elapsedMs` is done at the same pace; null before the first percent. */
export function remainingMs({ percent, elapsedMs }: { percent: number; elapsedMs: number }): number | null {
  if (!(percent >= 1 && percent <= 100) || elapsedMs < 0) return null;
  return (elapsedMs * (100 - percent)) / percent;
}

/** Ms until so many are done at a pace; null where nothing moves. */
export function emptyInMs(count: number, eachMinute: number | null): number | null {
  if (count === 0) return 0;
  return eachMinute === null || eachMinute <= 0 ? null : (count / eachMinute) * MINUTE_MS;
}
