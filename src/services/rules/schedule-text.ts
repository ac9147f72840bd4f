import type { AlertSchedule } from '../../domain/alerts/alert-rule.ts';
import { alertScheduleProblems } from '../../domain/alerts/alert-schedule.ts';
import { DAYS_OF_WEEK, type DayOfWeek } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';

const GROUPS: Readonly<Record<string, readonly DayOfWeek[]>> = {
  daily: DAYS_OF_WEEK,
  weekdays: DAYS_OF_WEEK.slice(0, 5),
  weekends: DAYS_OF_WEEK.slice(5),
};
const SPAN = /^(\d{1,2}:\d\d(?::\d\d)?)-(\d{1,2}:\d\d(?::\d\d)?)$/;
const EXAMPLE = 'such as "22:00-06:00", "friday,saturday 22:00-06:00 Europe/Berlin", or JSON';

/** Reads when a rule holds: days, a span of the day and a time zone, each of which may be left out, or JSON. Throws a usage error. */
export function readAlertSchedule(text: string): AlertSchedule {
  const trimmed = text.trim();
  return checkedSchedule(trimmed.startsWith('{') ? parseJson(trimmed) : readParts(trimmed));
}

/** Throws a usage error for a schedule that cannot be followed. */
export function checkedSchedule(schedule: unknown): AlertSchedule {
  const [problem] = alertScheduleProblems(schedule);
  if (problem !== undefined) throw new UsageError(problem.replace(/^its/, 'the'), { hint: EXAMPLE });
  return schedule as AlertSchedule;
}

function readParts(text: string): AlertSchedule {
  const schedule: AlertSchedule = {};
  for (const word of text.split(/\s+/)) {
    const span = SPAN.exec(word);
    const days = span === null ? readDays(word) : undefined;
    if (span !== null) Object.assign(schedule, { start_time: padded(span[1]), end_time: padded(span[2]) });
    else if (days !== undefined) schedule.days = days;
    else schedule.timezone = word;
  }
  return schedule;
}

/** Undefined when the word names no days. */
function readDays(word: string): DayOfWeek[] | undefined {
  const found = word
    .toLowerCase()
    .split(',')
    .map((name) => GROUPS[name] ?? DAYS_OF_WEEK.filter((day) => day === name || day.slice(0, 3) === name));
  return found.some((days) => days.length === 0) ? undefined : DAYS_OF_WEEK.filter((day) => found.some((days) => days.includes(day)));
}

function padded(time = ''): string {
  return time.padStart(time.length > 5 ? 8 : 5, '0');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UsageError('the schedule is not valid JSON', { hint: EXAMPLE });
  }
}

/** The other way round, for people. */
export function alertScheduleText({ days, start_time: start, end_time: end, timezone }: AlertSchedule): string {
  const parts = [days === undefined || days.length === 0 ? 'daily' : days.join(',')];
  if (start !== undefined || end !== undefined) parts.push(`${start ?? '00:00'}-${end ?? '24:00'}`);
  return [...parts, ...(timezone === undefined ? [] : [timezone])].join(' ');
}
