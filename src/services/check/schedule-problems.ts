import { DAYS_OF_WEEK } from '../../domain/enums.ts';
import { isValidZone } from '../../domain/time/local-time.ts';

const TIME_OF_DAY = /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/;

/** Why the schedule of an alert rule cannot be followed; none for null, which means always. */
export function scheduleProblems(schedule: unknown): string[] {
  if (schedule === null || schedule === undefined) return [];
  if (typeof schedule !== 'object' || Array.isArray(schedule)) return ['its schedule is no object'];
  const { days, start_time: start, end_time: end, timezone } = schedule as Record<string, unknown>;
  return [
    ...dayProblems(days),
    ...[start, end].filter((time) => !isTimeOfDay(time)).map((time) => `its schedule has the time ${JSON.stringify(time)}`),
    ...(isMissing(start) || start !== end ? [] : ['its schedule starts when it ends']),
    ...(isMissing(timezone) || (typeof timezone === 'string' && isValidZone(timezone))
      ? []
      : [`its schedule has the time zone ${JSON.stringify(timezone)}`]),
  ];
}

function dayProblems(days: unknown): string[] {
  if (isMissing(days)) return [];
  if (!Array.isArray(days)) return ['the days of its schedule are no list'];
  return days.filter((day) => !isDay(day)).map((day) => `its schedule has the day ${JSON.stringify(day)}`);
}

function isDay(day: unknown): boolean {
  return (DAYS_OF_WEEK as readonly unknown[]).includes(day);
}

/** Missing times mean the whole day. */
function isTimeOfDay(time: unknown): boolean {
  return isMissing(time) || (typeof time === 'string' && (TIME_OF_DAY.test(time) || time === '24:00'));
}

function isMissing(value: unknown): value is null | undefined {
  return value === null || value === undefined;
}
