/** Half-open: the end does not belong to it. */
export type Interval = { startMs: number; endMs: number };

/** Recordings this near to each other are one. */
export const JOIN_MS = 10_000;

/** Adds an interval to a union in ascending order, whose intervals all start before the end of the new one. */
export function joinInterval(union: Interval[], added: Interval, joinMs = JOIN_MS): void {
  let { startMs, endMs } = added;
  for (;;) {
    const last = union.at(-1);
    if (!last || last.endMs + joinMs < startMs) break;
    startMs = Math.min(startMs, last.startMs);
    endMs = Math.max(endMs, last.endMs);
    union.pop();
  }
  union.push({ startMs, endMs });
}

/** The union in ascending order; what is at most `joinMs` apart becomes one. Empty intervals are dropped. */
export function uniteIntervals(intervals: readonly Interval[], joinMs = JOIN_MS): Interval[] {
  const union: Interval[] = [];
  const sorted = intervals.filter(({ startMs, endMs }) => endMs > startMs).sort((a, b) => a.startMs - b.startMs);
  for (const interval of sorted) joinInterval(union, interval, joinMs);
  return union;
}

/** The parts of intervals that lie within a span. */
export function clipIntervals<Part extends Interval>(parts: readonly Part[], span: Interval): Part[] {
  return parts
    .map((part) => ({ ...part, startMs: Math.max(part.startMs, span.startMs), endMs: Math.min(part.endMs, span.endMs) }))
    .filter(({ startMs, endMs }) => endMs > startMs);
}
