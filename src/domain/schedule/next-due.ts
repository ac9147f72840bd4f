import { localToUtc, utcToLocal, type LocalDateTime } from '../time/local-time.ts';
import { isDayDue, type CronFields } from './cron-fields.ts';

const ALL_HOURS = 24;
/** From one 29 February to the next, over a century without one. */
const LOOK_AHEAD_DAYS = 8 * 366 + 2;

/**
 * The first instant after another at which a schedule is due on the clocks of a zone, in ms; undefined when it never is. A time that
 * clocks skip is due as long after the change as it would have been; one that they show twice is due the first time, and both times where
 * every hour is due. So each due day has its time once, also where clocks change.
 */
export function findNextDue(fields: CronFields, { zone, afterMs }: { zone: string; afterMs: number }): number | undefined {
  const { year, month, day } = utcToLocal(afterMs, zone);
  // From the day before: what clocks skip late in the evening may be due after midnight.
  for (let ahead = -1; ahead < LOOK_AHEAD_DAYS; ahead += 1) {
    const date = new Date(Date.UTC(year, month - 1, day + ahead));
    const local = { year: date.getUTCFullYear(), month: date.getUTCMonth() + 1, day: date.getUTCDate() };
    if (!isDayDue(fields, { ...local, weekday: date.getUTCDay() })) continue;
    const due = dueOn(fields, { zone, date: local }).filter((atMs) => atMs > afterMs);
    if (due.length > 0) return Math.min(...due);
  }
  return undefined;
}

function dueOn(fields: CronFields, { zone, date }: { zone: string; date: Pick<LocalDateTime, 'year' | 'month' | 'day'> }): number[] {
  const isHourly = fields.hours.length === ALL_HOURS;
  return fields.hours.flatMap((hour) =>
    fields.minutes.flatMap((minute) => {
      const reading = localToUtc({ ...date, hour, minute, second: 0, millisecond: 0 }, zone);
      if (reading.kind !== 'fold') return [reading.utcMs];
      return isHourly ? [reading.earlyMs, reading.lateMs] : [reading.earlyMs];
    }),
  );
}
