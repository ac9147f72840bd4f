import { DAY_MS, formatDay, weekdayOf } from '../coverage/local-hours.ts';
import { fieldsOfWallClock, localToUtc, offsetMsAt } from './local-time.ts';

/** A day of the calendar in a time zone, half-open: 23 to 25 hours. */
export type LocalDay = { /** `YYYY-MM-DD` */ date: string; startMs: number; endMs: number };

/** The day that contains an instant. */
export function localDayAt(atMs: number, zone: string): LocalDay {
  return localDay(dayNumberAt(atMs, zone), zone);
}

/** The seven days from monday around an instant. */
export function localWeekAt(atMs: number, zone: string): LocalDay[] {
  const today = dayNumberAt(atMs, zone);
  return daysFrom(today - weekdayOf(today), 7, zone);
}

/** So many days, the last of them the one that contains an instant. */
export function localDaysUntil(atMs: number, count: number, zone: string): LocalDay[] {
  return daysFrom(dayNumberAt(atMs, zone) - count + 1, count, zone);
}

/** Every day with a part in a span; none in an empty one. */
export function localDaysBetween(startMs: number, endMs: number, zone: string): LocalDay[] {
  if (endMs <= startMs) return [];
  const first = dayNumberAt(startMs, zone);
  return daysFrom(first, dayNumberAt(endMs - 1, zone) - first + 1, zone);
}

/** The same date in another zone. */
export function localDayOf(date: string, zone: string): LocalDay {
  return localDay(Date.parse(date) / DAY_MS, zone);
}

function daysFrom(first: number, count: number, zone: string): LocalDay[] {
  return Array.from({ length: count }, (_, index) => localDay(first + index, zone));
}

function dayNumberAt(atMs: number, zone: string): number {
  return Math.floor((atMs + offsetMsAt(atMs, zone)) / DAY_MS);
}

function localDay(dayNumber: number, zone: string): LocalDay {
  return { date: formatDay(dayNumber), startMs: midnight(dayNumber, zone), endMs: midnight(dayNumber + 1, zone) };
}

/** The first instant of a day: some zones change their clocks at midnight. */
function midnight(dayNumber: number, zone: string): number {
  const reading = localToUtc(fieldsOfWallClock(dayNumber * DAY_MS), zone);
  return reading.kind === 'fold' ? reading.earlyMs : reading.utcMs;
}
