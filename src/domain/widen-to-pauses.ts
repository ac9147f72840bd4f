import { EVENT_PAUSE_MS } from './group-events.ts';

/** Both ends included, in ms of footage time. */
export type TimeInterval = { fromMs: number; toMs: number };

/**
 * Widens a changed interval on both sides to the nearest pause longer than `pauseMs` between qualifying detections.
 * Such a pause separates events, so grouping inside equals grouping of everything. `sortedTimesMs` ascend and
 * hold both the times that qualify now and those that qualified before.
 */
export function widenToPauses(sortedTimesMs: readonly number[], interval: TimeInterval, pauseMs: number = EVENT_PAUSE_MS): TimeInterval {
  const start = firstAtOrAfter(sortedTimesMs, interval.fromMs);
  let { fromMs, toMs } = interval;
  for (let i = start - 1; i >= 0; i -= 1) {
    const timeMs = sortedTimesMs[i] ?? -Infinity;
    if (fromMs - timeMs > pauseMs) break;
    fromMs = timeMs;
  }
  for (let i = start; i < sortedTimesMs.length; i += 1) {
    const timeMs = sortedTimesMs[i] ?? Infinity;
    if (timeMs - toMs > pauseMs) break;
    toMs = Math.max(toMs, timeMs);
  }
  return { fromMs, toMs };
}

function firstAtOrAfter(sortedTimesMs: readonly number[], timeMs: number): number {
  let [low, high] = [0, sortedTimesMs.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sortedTimesMs[middle] ?? Infinity) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
