import { localToUtc, type LocalReading, wallClockMs } from './local-time.ts';
import { parseDateTime } from './parse-date-time.ts';
import { shiftReading } from './reading.ts';

/** A start the user gave; `zone` is the one it was read in, `UTC` where it carried an offset. */
export type FlagTime = { reading: LocalReading; zone: string };

export type ParsedFlagTime = { ok: true; time: FlagTime } | { ok: false; message: string };

/** Reads the value of `--time`: ISO 8601, in the camera's zone unless it carries an offset. */
export function parseFlagTime(text: string, zone: string): ParsedFlagTime {
  const parsed = parseDateTime(text);
  if (!parsed) return { ok: false, message: `${JSON.stringify(text)} is not a time such as 2026-01-14T08:15:00 or 2026-01-14T08:15:00Z` };
  if (parsed.offsetMs === undefined) return { ok: true, time: { reading: localToUtc(parsed.local, zone), zone } };
  const utcMs = wallClockMs(parsed.local) - parsed.offsetMs;
  return { ok: true, time: { reading: { kind: 'one', utcMs }, zone: 'UTC' } };
}

/** `--time-step`: file `index` (from 0, in natural name order) starts `index` steps after the given time. */
export function flagTimeOfStep(time: FlagTime, index: number, stepS: number): FlagTime {
  return { ...time, reading: shiftReading(time.reading, Math.round(index * stepS * 1000)) };
}

/** `--time-sequential`: each file starts where the one before ended. One time more than durations: the last is the end of all. */
export function flagTimesInSequence(time: FlagTime, durationsMs: readonly number[]): FlagTime[] {
  let elapsedMs = 0;
  const times = [time];
  for (const durationMs of durationsMs) {
    elapsedMs += durationMs;
    times.push({ ...time, reading: shiftReading(time.reading, elapsedMs) });
  }
  return times;
}

export type FlagTimeUse = { files: number; timeStepS?: number | undefined; timeSequential?: boolean | undefined };

/** Why `--time` cannot be used so; undefined when it can (§1.1: one file, or a rule for the others). */
export function complaintAboutFlagTime({ files, timeStepS, timeSequential = false }: FlagTimeUse): string | undefined {
  if (timeStepS !== undefined && timeSequential) return '--time-step and --time-sequential exclude each other';
  if (timeStepS !== undefined && !(timeStepS > 0)) return '--time-step must be more than 0 seconds';
  if (files === 1 || timeStepS !== undefined || timeSequential) return undefined;
  return `--time is for one file, ${String(files)} match; add --time-step SECONDS or --time-sequential`;
}
