import { expect, test } from 'vitest';
import {
  localDayAt,
  localDayOf,
  localDaysBetween,
  localDaysUntil,
  localWeekAt,
  type LocalDay,
} from '../../../../src/domain/time/local-day.ts';

const at = (text: string): number => Date.parse(text);
const shown = ({ date, startMs, endMs }: LocalDay): string[] => [date, new Date(startMs).toISOString(), new Date(endMs).toISOString()];

test('an empty span has no days', () => {
  expect(localDaysBetween(0, 0, 'UTC')).toEqual([]);
  expect(localDaysBetween(1, 0, 'UTC')).toEqual([]);
});

test.each([
  ['1969-12-31T23:59:59.999Z', 'UTC', '1969-12-31', '1969-12-31T00:00:00.000Z', '1970-01-01T00:00:00.000Z'],
  ['2026-03-29T12:00:00Z', 'Europe/Berlin', '2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25T22:59:59Z', 'Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  // Clocks change at midnight: the day begins at one.
  ['2026-04-24T12:00:00Z', 'Africa/Cairo', '2026-04-24', '2026-04-23T22:00:00.000Z', '2026-04-24T21:00:00.000Z'],
])('%s in %s is on %s', (moment, zone, ...day) => {
  expect(shown(localDayAt(at(moment), zone))).toEqual(day);
  expect(shown(localDayOf(day[0], zone))).toEqual(day);
});

test.each(['2026-01-12T00:00:00Z', '2026-01-18T23:59:59.999Z'])('the week of %s begins on monday', (moment) => {
  const days = localWeekAt(at(moment), 'UTC').map(({ date }) => date);
  expect([days[0], days.at(-1), days.length]).toEqual(['2026-01-12', '2026-01-18', 7]);
});

test('a span that ends at midnight does not reach into the next day', () => {
  const days = localDaysBetween(at('2026-01-14T10:00:00Z'), at('2026-01-15T23:00:00Z'), 'Europe/Berlin');
  expect(days.map(({ date }) => date)).toEqual(['2026-01-14', '2026-01-15']);
});

test.each([
  ['2026-10-27T22:59:59.999Z', ['2026-10-25', '2026-10-26', '2026-10-27']],
  ['2026-03-29T22:00:00Z', ['2026-03-28', '2026-03-29', '2026-03-30']],
])('three days up to %s, also where clocks changed', (moment, dates) => {
  expect(localDaysUntil(at(moment), 3, 'Europe/Berlin').map(({ date }) => date)).toEqual(dates);
});
