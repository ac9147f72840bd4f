import { DAY_MS } from '../coverage/local-hours.ts';
import { localDaysBetween, type LocalDay } from '../time/local-day.ts';
import { fieldsOfWallClock, localToUtc } from '../time/local-time.ts';

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

const LOOK_AHEAD_DAYS = 400;
const ALL_HOURS = 24;

/** The first due time of each day on which clocks change that they skip, or show twice. A schedule of every hour does not care. */
export function findClockChanges(fields: CronFields, { zone, fromMs }: { zone: string; fromMs: number }): ClockChange[] {
  if (fields.hours.length === ALL_HOURS) return [];
  const days = localDaysBetween(fromMs, fromMs + LOOK_AHEAD_DAYS * DAY_MS, zone);
  return days.flatMap((day) => changeOn(fields, { zone, day }) ?? []);
}

function changeOn(fields: CronFields, { zone, day }: { zone: string; day: LocalDay }): ClockChange | undefined {
  if (day.endMs - day.startMs === DAY_MS) return undefined;
  const date = new Date(day.date);
  const midnight = fieldsOfWallClock(date.getTime());
  if (!isDayDue(fields, { ...midnight, weekday: date.getUTCDay() })) return undefined;
  for (const hour of fields.hours) {
    for (const minute of fields.minutes) {
      const { kind } = localToUtc({ ...midnight, hour, minute }, zone);
      if (kind === 'one') continue;
      const pad = (value: number): string => String(value).padStart(2, '0');
      return { kind: kind === 'gap' ? 'skipped' : 'repeated', day: day.date, time: `${pad(hour)}:${pad(minute)}` };
    }
  }
  return undefined;
}
