import { isInSchedule, type Schedule } from '../household/schedule.ts';
import { DAYS_OF_WEEK } from '../enums.ts';
import { isValidZone } from '../time/local-time.ts';
import type { AlertSchedule } from './alert-rule.ts';

const TIME_OF_DAY = /^(?:([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?|24:00(?::00)?)$/;
const DAY_MINUTES = 1440;
const KEYS: readonly string[] = ['days', 'start_time', 'end_time', 'timezone'];

/** Why a schedule cannot be followed; none for null, which means always. Never throws. */
export function alertScheduleProblems(schedule: unknown): string[] {
  if (isMissing(schedule)) return [];
  if (typeof schedule !== 'object' || Array.isArray(schedule)) return ['its schedule is no object'];
  const { days, start_time: start, end_time: end, timezone } = schedule as Record<string, unknown>;
  return [
    ...Object.keys(schedule)
      .filter((key) => !KEYS.includes(key))
      .map((key) => `its schedule has ${JSON.stringify(key)}; known are ${KEYS.join(', ')}`),
    ...dayProblems(days),
    ...[start, end].filter((time) => !isTimeOfDay(time)).map((time) => `its schedule has the time ${JSON.stringify(time)}`),
    ...(minuteOf(start) === undefined || minuteOf(start) !== minuteOf(end) ? [] : ['its schedule starts when it ends']),
    ...(minuteOf(start) === DAY_MINUTES ? ['its schedule starts when the day is over'] : []),
    ...(isZone(timezone) ? [] : [`its schedule has the time zone ${JSON.stringify(timezone)}`]),
  ];
}

/** Whether a schedule holds at an instant, in its own zone, else in that of the camera. */
export function holdsInSchedule(schedule: AlertSchedule, atMs: number, cameraZone: string): boolean {
  return isInSchedule(toWeek(schedule), atMs, schedule.timezone ?? cameraZone);
}

/** The same as a week of spans, which belong to the day they begin on. */
export function toWeek({ days, start_time: start, end_time: end }: AlertSchedule): Schedule {
  const fromMinute = minuteOf(start) ?? 0;
  const endMinute = minuteOf(end) ?? DAY_MINUTES;
  const span = { fromMinute, toMinute: endMinute > fromMinute ? endMinute : endMinute + DAY_MINUTES };
  const chosen = days === undefined || days.length === 0 ? DAYS_OF_WEEK : days;
  return DAYS_OF_WEEK.map((day) => (chosen.includes(day) ? [span] : []));
}

function dayProblems(days: unknown): string[] {
  if (isMissing(days)) return [];
  if (!Array.isArray(days)) return ['the days of its schedule are no list'];
  return days
    .filter((day) => !(DAYS_OF_WEEK as readonly unknown[]).includes(day))
    .map((day) => `its schedule has the day ${JSON.stringify(day)}`);
}

/** A missing start is that of the day, a missing end its end. */
function isTimeOfDay(time: unknown): boolean {
  return isMissing(time) || (typeof time === 'string' && TIME_OF_DAY.test(time));
}

function isZone(zone: unknown): boolean {
  return isMissing(zone) || (typeof zone === 'string' && isValidZone(zone));
}

/** With seconds as a fraction; undefined for what is no time of day. */
function minuteOf(time: unknown): number | undefined {
  if (typeof time !== 'string') return undefined;
  const found = TIME_OF_DAY.exec(time);
  if (found === null) return undefined;
  const [, hour = '24', minute = '0', second = '0'] = found;
  return Number(hour) * 60 + Number(minute) + Number(second) / 60;
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
