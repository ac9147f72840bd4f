import { coveredHours } from './covered-hours.ts';
import type { Interval } from './interval.ts';
import { DAY_MS, localHours } from './local-hours.ts';

/** A day by its 24 hours on the wall: length and footage of each (null outside of the camera's footage), and whether a hole lies in it. */
export type ClockDay = { lengthMs: number[]; coveredMs: (number | null)[]; hasHole: boolean[] };

/** One of the equal parts of a day: the share of it that there is footage of; null where nothing can be known. */
export type DayPart = { share: number | null; hasHole: boolean };

export const HOURS_A_DAY = 24;

/** Every local day from the first to the last footage by its date. Coverage and holes in ascending order. */
export function clockDays(coverage: readonly Interval[], holes: readonly Interval[], zone: string): Map<string, ClockDay> {
  const days = new Map<string, ClockDay>();
  for (const { date, hour, coveredMs } of coveredHours({ coverage, zone, mode: 'continuous' })) {
    const day = days.get(date) ?? emptyDay();
    day.coveredMs[hour] = (day.coveredMs[hour] ?? 0) + coveredMs;
    days.set(date, day);
  }
  markHoles(days, holes, zone);
  measureHours(days, coverage, zone);
  return days;
}

function markHoles(days: ReadonlyMap<string, ClockDay>, holes: readonly Interval[], zone: string): void {
  for (const { date, hour, coveredMs: missingMs } of coveredHours({ coverage: holes, zone, mode: 'continuous' })) {
    const day = days.get(date);
    if (day && missingMs > 0) day.hasHole[hour] = true;
  }
}

/** Also of the hours around the footage, so that a day has all of its own. */
function measureHours(days: ReadonlyMap<string, ClockDay>, coverage: readonly Interval[], zone: string): void {
  const [fromMs, toMs] = [coverage[0]?.startMs ?? 0, coverage.at(-1)?.endMs ?? 0];
  for (const { date, hour, startMs, endMs } of localHours(fromMs - DAY_MS, toMs + DAY_MS, zone)) {
    const day = days.get(date);
    if (day) day.lengthMs[hour] = (day.lengthMs[hour] ?? 0) + endMs - startMs;
  }
}

function emptyDay(): ClockDay {
  return {
    lengthMs: Array.from({ length: HOURS_A_DAY }, () => 0),
    coveredMs: Array.from({ length: HOURS_A_DAY }, () => null),
    hasHole: Array.from({ length: HOURS_A_DAY }, () => false),
  };
}

/** `count` divides 24. A day the camera has no footage around is one of unknown parts. */
export function dayParts(day: ClockDay | undefined, count: number): DayPart[] {
  const hours = HOURS_A_DAY / count;
  return Array.from({ length: count }, (_, index) => {
    const [from, until] = [index * hours, (index + 1) * hours];
    const known = (day?.coveredMs ?? []).slice(from, until).filter((ms) => ms !== null);
    const lengthMs = sum((day?.lengthMs ?? []).slice(from, until));
    return {
      share: known.length === 0 || lengthMs === 0 ? null : Math.min(1, sum(known) / lengthMs),
      hasHole: (day?.hasHole ?? []).slice(from, until).includes(true),
    };
  });
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
