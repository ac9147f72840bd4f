import { DAYS_OF_WEEK, type DayOfWeek } from './enums.ts';
import { utcToLocal, wallClockMs } from './time/local-time.ts';

/** Times of day as the database writes them: `HH:MM:SS`, half-open, `24:00:00` at the end of a day. */
export type QuietPeriod = { start_time: string; end_time: string; days: readonly DayOfWeek[] };
export type LabelledPeriod = QuietPeriod & { label: string };
export type StoredPeriod = LabelledPeriod & { group_id: string };

/** A period as the user gave it: over midnight its start is later than its end. */
export type QuietGroup = { groupId: string; label: string; startTime: string; endTime: string; days: DayOfWeek[] };

const DAY_MS = 86_400_000;
const MIDNIGHT = '00:00:00';
const DAY_END = '24:00:00';
const TIME_OF_DAY = /^(\d\d):(\d\d)(?::(\d\d)(?:\.\d+)?)?$/;

/**
 * The rows a period is stored as: one, or two when it goes over midnight and the later half belongs to the following days.
 * Throws RangeError for equal times, a time that is none, or no day.
 */
export function splitQuietHours(period: { label: string; start: string; end: string; days: readonly DayOfWeek[] }): LabelledPeriod[] {
  const { label } = period;
  const start = toStoredTime(period.start);
  const end = toStoredTime(period.end);
  const days = inWeekOrder(period.days);
  if (days.length === 0) throw new RangeError('quiet hours need a day');
  if (start === end || start === DAY_END) throw new RangeError(`quiet hours cannot go from ${period.start} to ${period.end}`);
  if (end === MIDNIGHT) return [{ label, start_time: start, end_time: DAY_END, days }];
  if (start < end) return [{ label, start_time: start, end_time: end, days }];
  return [
    { label, start_time: start, end_time: DAY_END, days },
    { label, start_time: MIDNIGHT, end_time: end, days: inWeekOrder(days.map(dayAfter)) },
  ];
}

/** Whether any of the periods holds at an instant, by the clock on the wall of that zone. */
export function isQuiet(periods: readonly QuietPeriod[], at: Date, zone: string): boolean {
  const wallMs = wallClockMs(utcToLocal(at.getTime(), zone));
  const day = weekdayOf(wallMs);
  const timeMs = wallMs - Math.floor(wallMs / DAY_MS) * DAY_MS;
  return periods.some((period) => period.days.includes(day) && toMs(period.start_time) <= timeMs && timeMs < toMs(period.end_time));
}

/** Puts the halves of stored periods together again, in the order the groups are met. */
export function groupQuietHours(rows: readonly StoredPeriod[]): QuietGroup[] {
  const groups = new Map<string, StoredPeriod[]>();
  for (const row of rows) groups.set(row.group_id, [...(groups.get(row.group_id) ?? []), row]);
  return [...groups.values()].flatMap(joinHalves);
}

function joinHalves(halves: readonly StoredPeriod[]): QuietGroup[] {
  const evening = halves.find((half) => half.end_time === DAY_END) ?? halves[0];
  if (evening === undefined) return [];
  const morning = halves.find((half) => half !== evening);
  return [
    {
      groupId: evening.group_id,
      label: evening.label,
      startTime: evening.start_time,
      endTime: (morning ?? evening).end_time,
      days: inWeekOrder(evening.days),
    },
  ];
}

function toStoredTime(text: string): string {
  const [, hour = '', minute = '', second = '00'] = TIME_OF_DAY.exec(text) ?? [];
  const stored = `${hour}:${minute}:${second}`;
  if (hour === '' || minute > '59' || second > '59' || stored > DAY_END) {
    throw new RangeError(`${JSON.stringify(text)} is not a time of day such as 22:00`);
  }
  return stored;
}

function toMs(time: string): number {
  const [hour = 0, minute = 0, second = 0] = time.split(':').map(Number);
  return hour * 3_600_000 + minute * 60_000 + second * 1000;
}

/** 1970-01-01 was a thursday. */
function weekdayOf(wallMs: number): DayOfWeek {
  const days = Math.floor(wallMs / DAY_MS);
  return DAYS_OF_WEEK[(((days + 3) % 7) + 7) % 7] ?? 'monday';
}

function dayAfter(day: DayOfWeek): DayOfWeek {
  return DAYS_OF_WEEK[(DAYS_OF_WEEK.indexOf(day) + 1) % 7] ?? 'monday';
}

function inWeekOrder(days: readonly DayOfWeek[]): DayOfWeek[] {
  return DAYS_OF_WEEK.filter((day) => days.includes(day));
}
