import { fieldsOfWallClock, isRealDateTime, type LocalDateTime, wallClockMs } from './local-time.ts';
import type { Captures } from './path-pattern.ts';

/** A moment read from a name: absolute, or a wall-clock time whose zone is known elsewhere. */
export type NamedTime = { kind: 'instant'; utcMs: number } | { kind: 'local'; local: LocalDateTime };

export type NamedTimes = { start?: NamedTime; end?: NamedTime };

const DAY_MS = 86_400_000;

/** The times among the captures of a template; undefined when the fields are no real date. */
export function readNamedTimes(captures: Captures): NamedTimes | undefined {
  const start = readPoint(captures, '');
  if (start === 'unreal') return undefined;
  const end = readPoint(captures, 'e', start?.kind === 'local' ? start.local : undefined);
  if (end === 'unreal') return undefined;
  const offsetMs = parseOffset(captures.get('zone'));
  return {
    ...(start && { start: withOffset(start, offsetMs) }),
    ...(end && { end: withOffset(end, offsetMs) }),
  };
}

type Prefix = '' | 'e';

function readPoint(captures: Captures, prefix: Prefix, startOfSame?: LocalDateTime): NamedTime | 'unreal' | undefined {
  const instant = readUnix(captures, prefix);
  if (instant) return instant;
  const hour = readHour(captures, prefix);
  const date = readDate(captures, prefix) ?? startOfSame;
  if (hour === undefined || date === undefined) return undefined;
  const local: LocalDateTime = {
    year: date.year,
    month: date.month,
    day: date.day,
    hour,
    minute: numberOf(captures, `${prefix}mm`),
    second: numberOf(captures, `${prefix}ss`),
    millisecond: numberOf(captures, `${prefix}SSS`) + numberOf(captures, `${prefix}fraction`),
  };
  if (!isRealDateTime(local)) return 'unreal';
  return { kind: 'local', local: date === startOfSame ? notBefore(local, startOfSame) : local };
}

/** An end given by its hour alone belongs to the next day when it reads earlier than the start. */
function notBefore(end: LocalDateTime, start: LocalDateTime): LocalDateTime {
  const endMs = wallClockMs(end);
  return endMs < wallClockMs({ ...start, millisecond: 0 }) ? fieldsOfWallClock(endMs + DAY_MS) : end;
}

function readUnix(captures: Captures, prefix: Prefix): NamedTime | undefined {
  const ms = captures.get(`${prefix}unix_ms`);
  if (ms !== undefined) return { kind: 'instant', utcMs: Number(ms) };
  const seconds = captures.get(`${prefix}unix`);
  if (seconds === undefined) return undefined;
  const [whole = '', fraction = ''] = seconds.split('.');
  return { kind: 'instant', utcMs: Number(whole) * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0')) };
}

function readDate(captures: Captures, prefix: Prefix): Pick<LocalDateTime, 'year' | 'month' | 'day'> | undefined {
  const year = readYear(captures, prefix);
  const month = captures.get(`${prefix}MM`);
  const day = captures.get(`${prefix}dd`);
  if (year === undefined || month === undefined || day === undefined) return undefined;
  return { year, month: Number(month), day: Number(day) };
}

function readYear(captures: Captures, prefix: Prefix): number | undefined {
  const long = captures.get(`${prefix}yyyy`);
  if (long !== undefined) return Number(long);
  const short = captures.get(`${prefix}yy`);
  if (short === undefined) return undefined;
  return Number(short) + (Number(short) < 70 ? 2000 : 1900);
}

function readHour(captures: Captures, prefix: Prefix): number | undefined {
  const hour = captures.get(`${prefix}HH`);
  if (hour !== undefined) return Number(hour);
  const twelve = captures.get(`${prefix}h`);
  if (twelve === undefined) return undefined;
  const isAfternoon = captures.get(`${prefix}ap`)?.toLowerCase() === 'pm';
  return (Number(twelve) % 12) + (isAfternoon ? 12 : 0);
}

function numberOf(captures: Captures, name: string): number {
  return Number(captures.get(name)?.replace(/\D/g, '') ?? 0);
}

/** `Z` or `±hh[:]mm` as local time minus UTC in ms; undefined when there is none. */
export function parseOffset(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return undefined;
  if (text.toLowerCase() === 'z') return 0;
  const digits = text.replace(/\D/g, '');
  const sizeMs = (Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2, 4))) * 60_000;
  return text.startsWith('-') ? -sizeMs : sizeMs;
}

function withOffset(time: NamedTime, offsetMs: number | undefined): NamedTime {
  if (time.kind === 'instant' || offsetMs === undefined) return time;
  return { kind: 'instant', utcMs: wallClockMs(time.local) - offsetMs };
}
