import type { CronFields } from './cron-fields.ts';

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
/** From Monday, as systemd orders ranges of them. */
const MONDAY_FIRST = [1, 2, 3, 4, 5, 6, 0];
const SHORTEST_RANGE = 3;

/**
 * Values of systemd's OnCalendar= for a schedule. There weekday and date have to hold both, in cron one is enough where both are given:
 * that takes two of them.
 */
export function toOnCalendar(fields: CronFields, zone: string | undefined): string[] {
  const months = listText(fields.months, { first: 1, last: 12 });
  const time = `${listText(fields.hours, { first: 0, last: 23 })}:${listText(fields.minutes, { first: 0, last: 59 })}:00`;
  const end = zone === undefined ? '' : ` ${zone}`;
  const onDays = `*-${months}-${listText(fields.days, { first: 1, last: 31 })} ${time}${end}`;
  if (fields.isAnyWeekday) return [onDays];
  const onWeekdays = `${weekdaysText(fields.weekdays)} *-${months}-* ${time}${end}`;
  return fields.isAnyDay ? [onWeekdays] : [onDays, onWeekdays];
}

function weekdaysText(weekdays: readonly number[]): string {
  const places = weekdays.map((weekday) => MONDAY_FIRST.indexOf(weekday)).sort((a, b) => a - b);
  const name = (place: number): string => WEEKDAYS[MONDAY_FIRST[place] ?? 0] ?? '';
  return runsOf(places)
    .map(([from, to]) => (from === to ? name(from) : `${name(from)}..${name(to)}`))
    .join(',');
}

type Bounds = { first: number; last: number };

/** `*`, `00/15`, `06..09,12`: two digits each. */
function listText(values: readonly number[], { first, last }: Bounds): string {
  if (values.length === last - first + 1) return '*';
  const step = stepOf(values, last);
  if (step !== undefined) return `${pad(values[0] ?? 0)}/${String(step)}`;
  return runsOf(values)
    .map(([from, to]) => (from === to ? pad(from) : `${pad(from)}..${pad(to)}`))
    .join(',');
}

/** The step of values that go on evenly to the end of their range; three at least. */
function stepOf(values: readonly number[], last: number): number | undefined {
  const [first = 0, second = 0] = values;
  const step = second - first;
  const isEven = values.length >= SHORTEST_RANGE && step > 1 && values.every((value, index) => value === first + index * step);
  return isEven && (values.at(-1) ?? 0) + step > last ? step : undefined;
}

/** Stretches without a hole; those too short for a range stay single values. */
function runsOf(values: readonly number[]): [from: number, to: number][] {
  const runs: [number, number][] = [];
  for (const value of values) {
    const run = runs.at(-1);
    if (run?.[1] === value - 1) run[1] = value;
    else runs.push([value, value]);
  }
  return runs.flatMap(([from, to]): [number, number][] => (to === from + 1 ? [[from, from], [to, to]] : [[from, to]])); // prettier-ignore
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
