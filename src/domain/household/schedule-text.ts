import { DAYS_OF_WEEK } from '../enums.ts';
import type { DayOfWeek } from '../enums.ts';
import type { Schedule } from './schedule.ts';

export type ReadScheduleText = { ok: true; value: unknown } | { ok: false; message: string };

/**
 * What a schedule written by hand means, still to be parsed as a schedule: JSON, or parts such as
 * `weekdays 08:00-18:00; friday 06:00-07:00, 22:00-06:00; sunday none`. Never throws.
 */
export function readScheduleText(text: string): ReadScheduleText {
  const trimmed = text.trim();
  if (trimmed.startsWith('{')) return readJson(trimmed);
  const entries = new Map<string, string | string[]>();
  for (const part of trimmed.split(';').map((each) => each.trim())) {
    const [, key = '', hours = ''] = /^([a-z]+)\s*[ :=]\s*(.+)$/i.exec(part) ?? [];
    if (key === '') return { ok: false, message: `schedule: ${JSON.stringify(part)} is not a day with hours` };
    const day = key.toLowerCase();
    if (entries.has(day)) return { ok: false, message: `schedule: ${day} is there twice` };
    const spans = hours.split(',').map((each) => each.trim());
    entries.set(day, spans.length === 1 ? (spans[0] ?? '') : spans);
  }
  return { ok: true, value: Object.fromEntries(entries) };
}

function readJson(text: string): ReadScheduleText {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch {
    return { ok: false, message: 'the schedule is not valid JSON' };
  }
}

const DAY_MINUTES = 1440;

/** The spans that begin on each day, from monday, as `HH:MM-HH:MM`; a whole day as `all_day`. */
export function scheduleWeek(schedule: Schedule): { day: DayOfWeek; hours: string[] }[] {
  return DAYS_OF_WEEK.map((day, index) => ({
    day,
    hours: (schedule[index] ?? [])
      .toSorted((a, b) => a.fromMinute - b.fromMinute)
      .map(({ fromMinute, toMinute }) =>
        fromMinute === 0 && toMinute === DAY_MINUTES ? 'all_day' : `${timeOfDay(fromMinute)}-${timeOfDay(toMinute)}`,
      ),
  }));
}

/** A span to midnight ends at 24:00, a later one on the next day. */
function timeOfDay(minute: number): string {
  const ofDay = minute > DAY_MINUTES ? minute - DAY_MINUTES : minute;
  return [Math.floor(ofDay / 60), ofDay % 60].map((part) => String(part).padStart(2, '0')).join(':');
}
