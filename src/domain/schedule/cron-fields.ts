import { localToUtc, utcToLocal } from '../time/local-time.ts';

/** When a schedule is due, each list in order. Months 1–12, weekdays 0–6 from Sunday. */
export type CronFields = {
  minutes: readonly number[];
  hours: readonly number[];
  days: readonly number[];
  months: readonly number[];
  weekdays: readonly number[];
  /** Whether any day of the month will do, and any day of the week; where neither will, one of the two is enough. */
  isAnyDay: boolean;
  isAnyWeekday: boolean;
};

export function isDayDue(fields: CronFields, { month, day, weekday }: { month: number; day: number; weekday: number }): boolean {
  if (!fields.months.includes(month)) return false;
  const isDay = fields.days.includes(day);
  const isWeekday = fields.weekdays.includes(weekday);
  return fields.isAnyDay || fields.isAnyWeekday ? isDay && isWeekday : isDay || isWeekday;
}

/** A due time that clocks skip, or show twice. */
export type ClockChange = { kind: 'skipped' | 'repeated'; day: string; time: string };

const DAY_MS = 86_400_000;
const LOOK_AHEAD_DAYS = 400;
const ALL_HOURS = 24;

/** The first due time of each day on which clocks change that they skip, or show twice. A schedule of every hour does not care. */
export function findClockChanges(fields: CronFields, { zone, fromMs }: { zone: string; fromMs: number }): ClockChange[] {
  if (fields.hours.length === ALL_HOURS) return [];
  const days = Array.from({ length: LOOK_AHEAD_DAYS }, (_, index) => utcToLocal(fromMs + index * DAY_MS, zone));
  return days.flatMap(({ year, month, day }) => changeOn(fields, { zone, date: { year, month, day } }) ?? []);
}

type Day = { zone: string; date: { year: number; month: number; day: number } };

function changeOn(fields: CronFields, { zone, date }: Day): ClockChange | undefined {
  const midnight = { ...date, hour: 0, minute: 0, second: 0, millisecond: 0 };
  const weekday = new Date(Date.UTC(date.year, date.month - 1, date.day)).getUTCDay();
  if (!isDayDue(fields, { ...date, weekday }) || isOrdinary(midnight, zone)) return undefined;
  for (const hour of fields.hours) {
    for (const minute of fields.minutes) {
      const { kind } = localToUtc({ ...midnight, hour, minute }, zone);
      if (kind === 'one') continue;
      const pad = (value: number): string => String(value).padStart(2, '0');
      const day = `${String(date.year)}-${pad(date.month)}-${pad(date.day)}`;
      return { kind: kind === 'gap' ? 'skipped' : 'repeated', day, time: `${pad(hour)}:${pad(minute)}` };
    }
  }
  return undefined;
}

/** Whether the day has 24 hours. */
function isOrdinary(midnight: Parameters<typeof localToUtc>[0], zone: string): boolean {
  const startMs = utcOf(localToUtc(midnight, zone));
  const next = new Date(Date.UTC(midnight.year, midnight.month - 1, midnight.day + 1));
  const after = { ...midnight, year: next.getUTCFullYear(), month: next.getUTCMonth() + 1, day: next.getUTCDate() };
  return utcOf(localToUtc(after, zone)) - startMs === DAY_MS;
}

function utcOf(reading: ReturnType<typeof localToUtc>): number {
  return reading.kind === 'fold' ? reading.earlyMs : reading.utcMs;
}
