import { coveredHours } from './covered-hours.ts';
import type { Interval } from './interval.ts';
import { DAY_MS, formatDay, localHours } from './local-hours.ts';

/** Footage on one local day, which has 23, 24 or 25 hours. */
export type CoverageDay = { date: string; coveredMs: number; lengthMs: number };

/** One line per camera, one column per date: seconds of footage; null before the camera's first and after its last footage. */
export type CoverageMatrix = { dates: string[]; rows: { cameraId: string; coveredSeconds: (number | null)[] }[] };

/** Every local day from the first to the last footage. */
export function coverageDays(coverage: readonly Interval[], zone: string): CoverageDay[] {
  const lengths = dayLengths(coverage, zone);
  const days = new Map<number, CoverageDay>();
  for (const { dayNumber, date, coveredMs } of coveredHours({ coverage, zone, mode: 'continuous' })) {
    const day = days.get(dayNumber) ?? { date, coveredMs: 0, lengthMs: lengths.get(dayNumber) ?? DAY_MS };
    day.coveredMs += coveredMs;
    days.set(dayNumber, day);
  }
  return [...days.values()];
}

export function coverageMatrix(cameras: readonly { cameraId: string; days: readonly CoverageDay[] }[]): CoverageMatrix {
  const dates = datesBetween(cameras.flatMap(({ days }) => days.map(({ date }) => date)));
  const rows = cameras.map(({ cameraId, days }) => {
    const byDate = new Map(days.map((day) => [day.date, day.coveredMs / 1000]));
    return { cameraId, coveredSeconds: dates.map((date) => byDate.get(date) ?? null) };
  });
  return { dates, rows };
}

/** Lengths of all local days with footage, and of some around them that are cut. */
function dayLengths(coverage: readonly Interval[], zone: string): Map<number, number> {
  const lengths = new Map<number, number>();
  const [fromMs, toMs] = [coverage[0]?.startMs ?? 0, coverage.at(-1)?.endMs ?? 0];
  for (const { dayNumber, startMs, endMs } of localHours(fromMs - 2 * DAY_MS, toMs + 2 * DAY_MS, zone)) {
    lengths.set(dayNumber, (lengths.get(dayNumber) ?? 0) + endMs - startMs);
  }
  return lengths;
}

/** All dates from the first to the last one, also those no camera has footage of. */
export function datesBetween(dates: readonly string[]): string[] {
  const sorted = dates.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const [firstDay, lastDay] = [Date.parse(first) / DAY_MS, Date.parse(last) / DAY_MS];
  return Array.from({ length: lastDay - firstDay + 1 }, (_, i) => formatDay(firstDay + i));
}
