import { DAY_MS, weekdayOf } from '../coverage/local-hours.ts';
import { DAYS_OF_WEEK } from '../enums.ts';
import type { DayOfWeek } from '../enums.ts';
import { utcToLocal, wallClockMs } from '../time/local-time.ts';

/** Minutes since the day began; beyond 1440 the span goes on into the next day. Half-open. */
export type ScheduleSpan = { fromMinute: number; toMinute: number };

/** Seven days from monday, each with the spans that begin on it. */
export type Schedule = readonly (readonly ScheduleSpan[])[];

export type ParsedSchedule = { ok: true; schedule: Schedule } | { ok: false; message: string };

const GROUPS = ['weekdays', 'weekends', 'daily'] as const;
const KEYS: readonly string[] = [...DAYS_OF_WEEK, ...GROUPS];
const DAY_MINUTES = 1440;
const MINUTE_MS = 60_000;
const SPAN = /^(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})$/;

/**
 * Reads a schedule such as `{"weekdays": "08:00-18:00", "friday": ["06:00-07:00", "22:00-06:00"], "sunday": "none"}`. A day's own key
 * beats weekdays and weekends, these beat daily; a day without a key has no time. Never throws.
 */
export function parseSchedule(value: unknown): ParsedSchedule {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, message: 'a schedule is an object such as {"weekdays": "08:00-18:00"}' };
  }
  const spansOfKey = new Map<string, ScheduleSpan[]>();
  for (const [key, entry] of Object.entries(value)) {
    const spans = KEYS.includes(key) ? parseEntry(entry) : `is not a day; known are ${KEYS.join(', ')}`;
    if (typeof spans === 'string') return { ok: false, message: `schedule: ${JSON.stringify(key)} ${spans}` };
    spansOfKey.set(key, spans);
  }
  return { ok: true, schedule: DAYS_OF_WEEK.map((day) => spansOfDay(spansOfKey, day)) };
}

/** Whether the schedule holds at an instant, by the clock on the wall: a repeated hour holds twice, a skipped one never comes. */
export function isInSchedule(schedule: Schedule, atMs: number, zone: string): boolean {
  const wallMs = wallClockMs(utcToLocal(atMs, zone));
  const dayNumber = Math.floor(wallMs / DAY_MS);
  const minute = (wallMs - dayNumber * DAY_MS) / MINUTE_MS;
  return holdsOn(schedule, dayNumber, minute) || holdsOn(schedule, dayNumber - 1, minute + DAY_MINUTES);
}

function holdsOn(schedule: Schedule, dayNumber: number, minute: number): boolean {
  const spans = schedule[weekdayOf(dayNumber)] ?? [];
  return spans.some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute);
}

function spansOfDay(spansOfKey: ReadonlyMap<string, ScheduleSpan[]>, day: DayOfWeek): ScheduleSpan[] {
  const group = day === 'saturday' || day === 'sunday' ? 'weekends' : 'weekdays';
  return spansOfKey.get(day) ?? spansOfKey.get(group) ?? spansOfKey.get('daily') ?? [];
}

function parseEntry(entry: unknown): ScheduleSpan[] | string {
  if (entry === 'none') return [];
  if (entry === 'all_day') return [{ fromMinute: 0, toMinute: DAY_MINUTES }];
  const texts: unknown[] = Array.isArray(entry) ? entry : [entry];
  if (texts.length === 0) return 'is an empty list; use none';
  const spans: ScheduleSpan[] = [];
  for (const text of texts) {
    const span = parseSpan(text);
    if (typeof span === 'string') return span;
    spans.push(span);
  }
  return spans;
}

function parseSpan(text: unknown): ScheduleSpan | string {
  const match = typeof text === 'string' ? SPAN.exec(text.trim()) : null;
  if (!match) return `is ${JSON.stringify(text)}, but must be HH:MM-HH:MM, a list of them, all_day or none`;
  const fromMinute = minuteOf(match[1], match[2]);
  const toMinute = minuteOf(match[3], match[4]);
  // 24:00 is the end of a day, never its begin.
  if (!(fromMinute < DAY_MINUTES && toMinute <= DAY_MINUTES)) return `has no such time of day: ${JSON.stringify(text)}`;
  if (fromMinute === toMinute) return `begins and ends at the same time: ${JSON.stringify(text)}; use all_day for a whole day`;
  return { fromMinute, toMinute: toMinute > fromMinute ? toMinute : toMinute + DAY_MINUTES };
}

function minuteOf(hour = '', minute = ''): number {
  return Number(minute) < 60 ? Number(hour) * 60 + Number(minute) : NaN;
}
