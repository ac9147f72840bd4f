import type { RecordingMode } from '../enums.ts';
import type { Interval } from './interval.ts';
import { DAY_MS, HOUR_MS, localHours } from './local-hours.ts';
import type { LocalHour } from './local-hours.ts';

/** `exposure`: hours of watching it stands for; 0 when the hour does not count as covered. */
export type CoveredHour = LocalHour & { coveredMs: number; exposure: number };

/** A camera's footage: its union in ascending order, its zone, and what a pause in it means. */
export type CameraFootage = { coverage: readonly Interval[]; zone: string; mode: RecordingMode };

const MIN_COVERED_MS = 900_000;
const MAX_SILENCE_MS = DAY_MS;

/**
 * Every local hour from the first to the last footage, or those with a part in `within`. A continuous camera covers an hour by at
 * least 900 s of footage; a triggered one by footage in the 24 h before and in the 24 h after the middle of the hour.
 */
export function* coveredHours({ coverage, zone, mode }: CameraFootage, within?: Interval): Generator<CoveredHour> {
  const { startMs, endMs } = spanOf(coverage, within);
  let next = 0;
  for (const hour of localHours(startMs, endMs, zone)) {
    while ((coverage[next]?.endMs ?? Infinity) <= hour.startMs) next += 1;
    const coveredMs = coveredWithin(coverage, next, hour);
    const exposure = mode === 'continuous' ? exposureOf(coveredMs) : Number(isBetweenFootage(coverage, next, hour));
    yield { ...hour, coveredMs, exposure };
  }
}

/** From the first to the last footage, cut to `within`. */
function spanOf(coverage: readonly Interval[], within: Interval = { startMs: -Infinity, endMs: Infinity }): Interval {
  const [first, last] = [coverage[0], coverage.at(-1)];
  if (!first || !last) return { startMs: 0, endMs: 0 };
  return { startMs: Math.max(first.startMs, within.startMs), endMs: Math.min(last.endMs, within.endMs) };
}

/** Footage in an hour; `from` is the first interval that ends after its start. */
function coveredWithin(coverage: readonly Interval[], from: number, hour: Interval): number {
  let coveredMs = 0;
  for (let i = from; i < coverage.length; i += 1) {
    const interval = coverage[i];
    if (!interval || interval.startMs >= hour.endMs) break;
    coveredMs += Math.min(interval.endMs, hour.endMs) - Math.max(interval.startMs, hour.startMs);
  }
  return coveredMs;
}

function exposureOf(coveredMs: number): number {
  return coveredMs >= MIN_COVERED_MS ? coveredMs / HOUR_MS : 0;
}

function isBetweenFootage(coverage: readonly Interval[], from: number, hour: Interval): boolean {
  const middleMs = (hour.startMs + hour.endMs) / 2;
  let lastBeforeMs = coverage[from - 1]?.endMs ?? -Infinity;
  for (let i = from; i < coverage.length; i += 1) {
    const { startMs, endMs } = coverage[i] ?? { startMs: Infinity, endMs: Infinity };
    if (startMs > middleMs) return startMs - middleMs <= MAX_SILENCE_MS && middleMs - lastBeforeMs <= MAX_SILENCE_MS;
    if (endMs > middleMs) return true;
    lastBeforeMs = endMs;
  }
  return false;
}
