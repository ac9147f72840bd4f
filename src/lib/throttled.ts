/** Calls at most once in so many ms; what comes in between is left out. */
export function throttled<Values extends unknown[]>(everyMs: number, call: (...values: Values) => void): (...values: Values) => void {
  let dueAtMs = 0;
  return (...values) => {
    if (performance.now() < dueAtMs) return;
    dueAtMs = performance.now() + everyMs;
    call(...values);
  };
}
