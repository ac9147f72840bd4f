import { expect, test } from 'vitest';

import { formatDay, localHourAt, localHours } from '../../../../src/domain/coverage/local-hours.ts';
import { utcToLocal } from '../../../../src/domain/time/local-time.ts';

const MINUTE_MS = 60_000;

function hoursOf(zone: string, from: string, to: string) {
  return [...localHours(Date.parse(from), Date.parse(to), zone)];
}

test('an empty or reversed interval has no hours', () => {
  expect(hoursOf('UTC', '2026-01-01T00:00Z', '2026-01-01T00:00Z')).toEqual([]);
  expect(hoursOf('UTC', '2026-01-02T00:00Z', '2026-01-01T00:00Z')).toEqual([]);
  expect([...localHours(NaN, NaN, 'UTC')]).toEqual([]);
});

test('hours are given whole, those cut at the borders too', () => {
  const hours = hoursOf('UTC', '2026-01-15T10:59:59.999Z', '2026-01-15T12:00:00Z');
  expect(hours.map(({ hour }) => hour)).toEqual([10, 11]);
  expect(hours[0]).toEqual({
    date: '2026-01-15',
    dayNumber: 20_468,
    weekday: 3,
    hour: 10,
    fold: 0,
    startMs: Date.parse('2026-01-15T10:00Z'),
    endMs: Date.parse('2026-01-15T11:00Z'),
  });
});

/** Hour, fold and minutes of each occurrence. */
test.each([
  [
    'Europe/Berlin',
    '2026-10-25',
    [
      [1, 0, 60],
      [2, 0, 60],
      [2, 1, 60],
      [3, 0, 60],
    ],
  ],
  [
    'Europe/Berlin',
    '2026-03-29',
    [
      [1, 0, 60],
      [3, 0, 60],
    ],
  ],
  [
    'America/New_York',
    '2026-11-01',
    [
      [0, 0, 60],
      [1, 0, 60],
      [1, 1, 60],
      [2, 0, 60],
      [3, 0, 60],
    ],
  ],
  [
    'America/New_York',
    '2026-03-08',
    [
      [0, 0, 60],
      [1, 0, 60],
      [3, 0, 60],
    ],
  ],
  [
    'Australia/Lord_Howe',
    '2026-04-05',
    [
      [0, 0, 60],
      [1, 0, 60],
      [1, 1, 30],
      [2, 0, 60],
      [3, 0, 60],
    ],
  ],
  [
    'Australia/Lord_Howe',
    '2026-10-04',
    [
      [0, 0, 60],
      [1, 0, 60],
      [2, 0, 30],
      [3, 0, 60],
    ],
  ],
  [
    'America/Sao_Paulo',
    '2018-11-04',
    [
      [1, 0, 60],
      [2, 0, 60],
      [3, 0, 60],
    ],
  ],
  [
    'Asia/Kolkata',
    '2026-01-15',
    [
      [0, 0, 60],
      [1, 0, 60],
      [2, 0, 60],
      [3, 0, 60],
    ],
  ],
  // Clocks went back at 00:01, so that day began twice.
  [
    'America/St_Johns',
    '2010-11-07',
    [
      [0, 0, 1],
      [0, 1, 60],
      [1, 0, 60],
      [2, 0, 60],
      [3, 0, 60],
    ],
  ],
] as const)('in %s the night of %s has the hours %j (§8.1, §8.2)', (zone, date, expected) => {
  const noon = Date.parse(`${date}T12:00Z`);
  const night = [...localHours(noon - 36 * 60 * MINUTE_MS, noon + 36 * 60 * MINUTE_MS, zone)].filter((hour) => hour.date === date);
  const from = zone === 'Europe/Berlin' ? 1 : 0;
  const seen = night.filter(({ hour }) => hour >= from && hour <= 3);
  expect(seen.map(({ hour, fold, startMs, endMs }) => [hour, fold, (endMs - startMs) / MINUTE_MS])).toEqual(expected);
});

test.each([
  ['Europe/Berlin', '2026-03-20', '2026-04-05'],
  ['Europe/Berlin', '2026-10-20', '2026-11-01'],
  ['America/New_York', '2026-10-25', '2026-11-05'],
  ['Australia/Lord_Howe', '2026-03-30', '2026-04-10'],
  ['Australia/Lord_Howe', '2026-09-30', '2026-10-08'],
  ['America/St_Johns', '2010-11-01', '2010-11-10'],
  ['America/St_Johns', '2010-03-10', '2010-03-17'],
  ['America/Sao_Paulo', '2018-11-01', '2018-11-07'],
  ['Asia/Pyongyang', '2018-05-01', '2018-05-08'],
  ['Asia/Kathmandu', '2026-02-01', '2026-02-05'],
  ['Pacific/Apia', '2011-12-28', '2012-01-02'],
])('in %s from %s to %s every minute is in the hour its clock shows, once', (zone, from, to) => {
  const hours = hoursOf(zone, `${from}T00:00Z`, `${to}T00:00Z`);
  let index = 0;
  for (let atMs = Date.parse(`${from}T00:00Z`); atMs < Date.parse(`${to}T00:00Z`); atMs += MINUTE_MS) {
    if (atMs >= hours[index]!.endMs) index += 1;
    const hour = hours[index]!;
    const local = utcToLocal(atMs, zone);
    expect(hour.startMs <= atMs && atMs < hour.endMs).toBe(true);
    expect([hour.date, hour.hour]).toEqual([formatDay(Date.UTC(local.year, local.month - 1, local.day) / 86_400_000), local.hour]);
  }
  const names = hours.map(({ date, hour, fold }) => `${date} ${hour} ${fold}`);
  expect(new Set(names).size).toBe(names.length);
});

test('an hour found from inside a fold knows that it is the second one', () => {
  expect(localHourAt(Date.parse('2026-10-25T00:30Z'), 'Europe/Berlin')).toMatchObject({ hour: 2, fold: 0, weekday: 6 });
  expect(localHourAt(Date.parse('2026-10-25T01:30Z'), 'Europe/Berlin')).toMatchObject({ hour: 2, fold: 1, weekday: 6 });
  expect(localHourAt(-1, 'UTC')).toMatchObject({ date: '1969-12-31', hour: 23, weekday: 2 });
  expect(() => localHourAt(NaN, 'UTC')).toThrow('not an instant');
});
