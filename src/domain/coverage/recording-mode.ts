import type { RecordingMode } from '../enums.ts';
import { DAY_MS } from './local-hours.ts';

const WINDOW_MS = 30 * DAY_MS;
const CONTINUOUS_MS = 1_800_000;

/**
 * Whether a camera records all the time, from how full its hours of the last 30 days are that have any footage; null without such
 * an hour. The exposure of the hours is not looked at: it depends on the answer.
 */
export function deriveRecordingMode(hours: Iterable<{ startMs: number; coveredMs: number }>, asOfMs: number): RecordingMode | null {
  const coveredMs: number[] = [];
  for (const hour of hours) {
    if (hour.coveredMs > 0 && hour.startMs >= asOfMs - WINDOW_MS && hour.startMs < asOfMs) coveredMs.push(hour.coveredMs);
  }
  if (coveredMs.length === 0) return null;
  return medianOf(coveredMs) >= CONTINUOUS_MS ? 'continuous' : 'triggered';
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
