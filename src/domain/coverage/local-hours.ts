import { offsetMsAt } from '../time/local-time.ts';

/**
 * One occurrence of an hour on the wall. A repeated hour occurs twice, the second time with `fold` 1; a skipped one does not occur;
 * where clocks change by half an hour an occurrence lasts that long. `dayNumber`: days of its local date since 1970-01-01.
 */
export type LocalHour = {
  date: string;
  dayNumber: number;
  /** 0 = monday … 6 = sunday. */
  weekday: number;
  hour: number;
  fold: 0 | 1;
  startMs: number;
  endMs: number;
};

type Segment = { startMs: number; endMs: number; offsetMs: number };
type Occurrence = { index: number; fold: 0 | 1; startMs: number; endMs: number };

export const HOUR_MS = 3_600_000;
export const DAY_MS = 86_400_000;

/** The hours of a zone that have a part in [`fromMs`, `toMs`), whole and in order of time. Ten years take 0.2 s. */
export function* localHours(fromMs: number, toMs: number, zone: string): Generator<LocalHour> {
  if (!(fromMs < toMs)) return;
  // Two days earlier, so that an hour that is a repetition is known to be one.
  let day = { number: NaN, date: '' };
  for (const { index, fold, startMs, endMs } of occurrences(floorToDay(fromMs) - 2 * DAY_MS, floorToDay(toMs) + 2 * DAY_MS, zone)) {
    if (startMs >= toMs) return;
    if (endMs <= fromMs) continue;
    const dayNumber = Math.floor(index / 24);
    if (day.number !== dayNumber) day = { number: dayNumber, date: formatDay(dayNumber) };
    yield { date: day.date, dayNumber, weekday: weekdayOf(dayNumber), hour: index - dayNumber * 24, fold, startMs, endMs };
  }
}

/** The hour on the wall at an instant. */
export function localHourAt(atMs: number, zone: string): LocalHour {
  for (const hour of localHours(atMs, atMs + 1, zone)) return hour;
  throw new RangeError(`${atMs} is not an instant`);
}

/** The date of a day number as `YYYY-MM-DD`. */
export function formatDay(dayNumber: number): string {
  return new Date(dayNumber * DAY_MS).toISOString().slice(0, 10);
}

/** 0 = monday … 6 = sunday; 1970-01-01 was a thursday. */
export function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 3) % 7) + 7) % 7;
}

/** `index`: hours on the wall since 1970. The first and the last one may be cut. */
function* occurrences(fromMs: number, toMs: number, zone: string): Generator<Occurrence> {
  let current: Occurrence | undefined;
  let newest = -Infinity;
  let offsetBeforeMs = -Infinity;
  for (const { startMs, endMs, offsetMs } of offsetSegments(fromMs, toMs, zone)) {
    const isSetBack = offsetMs < offsetBeforeMs;
    offsetBeforeMs = offsetMs;
    for (let atMs = startMs; atMs < endMs;) {
      const index = Math.floor((atMs + offsetMs) / HOUR_MS);
      const untilMs = Math.min(endMs, (index + 1) * HOUR_MS - offsetMs);
      if (current?.index === index && !(isSetBack && atMs === startMs)) current.endMs = untilMs;
      else {
        if (current) yield current;
        current = { index, fold: index <= newest ? 1 : 0, startMs: atMs, endMs: untilMs };
        newest = Math.max(newest, index);
      }
      atMs = untilMs;
    }
  }
  if (current) yield current;
}

/** The parts of an interval of whole days in which the clock runs evenly. No zone changes there and back within one day. */
function* offsetSegments(fromMs: number, toMs: number, zone: string): Generator<Segment> {
  let startMs = fromMs;
  let offsetMs = offsetMsAt(fromMs, zone);
  for (let atMs = fromMs; atMs < toMs;) {
    const nextMs = Math.min(floorToDay(atMs) + DAY_MS, toMs);
    const offsetNextMs = offsetMsAt(nextMs, zone);
    if (offsetNextMs === offsetMs) {
      atMs = nextMs;
      continue;
    }
    atMs = findChange(atMs, nextMs, zone);
    yield { startMs, endMs: atMs, offsetMs };
    startMs = atMs;
    offsetMs = offsetMsAt(atMs, zone);
  }
  yield { startMs, endMs: toMs, offsetMs };
}

/** The first second with another offset than at `lowMs`. */
function findChange(lowMs: number, highMs: number, zone: string): number {
  const offsetMs = offsetMsAt(lowMs, zone);
  let [low, high] = [lowMs / 1000, highMs / 1000];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMsAt(middle * 1000, zone) === offsetMs) low = middle;
    else high = middle;
  }
  return high * 1000;
}

function floorToDay(atMs: number): number {
  return Math.floor(atMs / DAY_MS) * DAY_MS;
}
