import { describe, expect, test } from 'vitest';
import { DAYS_OF_WEEK, type DayOfWeek } from '../../../src/domain/enums.ts';
import { groupQuietHours, isQuiet, splitQuietHours } from '../../../src/domain/quiet-hours.ts';

const WEEKEND: DayOfWeek[] = ['friday', 'saturday'];

function split(start: string, end: string, days: readonly DayOfWeek[] = WEEKEND): ReturnType<typeof splitQuietHours> {
  return splitQuietHours({ label: 'night', start, end, days });
}

describe('splitQuietHours (schema §9)', () => {
  test.each([
    ['08:00', '12:30', [['08:00:00', '12:30:00', WEEKEND]]],
    ['08:00:01', '08:00:02', [['08:00:01', '08:00:02', WEEKEND]]],
    ['22:00', '00:00', [['22:00:00', '24:00:00', WEEKEND]]],
    ['22:00', '24:00', [['22:00:00', '24:00:00', WEEKEND]]],
    ['00:00', '24:00', [['00:00:00', '24:00:00', WEEKEND]]],
    ['00:00', '00:01', [['00:00:00', '00:01:00', WEEKEND]]],
    [
      '22:00',
      '06:00',
      [
        ['22:00:00', '24:00:00', WEEKEND],
        ['00:00:00', '06:00:00', ['saturday', 'sunday']],
      ],
    ],
    [
      '23:59:59',
      '23:59:58',
      [
        ['23:59:59', '24:00:00', WEEKEND],
        ['00:00:00', '23:59:58', ['saturday', 'sunday']],
      ],
    ],
  ])('%s to %s', (start, end, rows) => {
    expect(split(start, end)).toEqual(rows.map(([from, until, days]) => ({ label: 'night', start_time: from, end_time: until, days })));
  });

  test('after sunday comes monday, each day once and in the order of the week', () => {
    expect(split('22:00', '06:00', ['sunday', 'monday', 'sunday']).map((row) => row.days)).toEqual([
      ['monday', 'sunday'],
      ['monday', 'tuesday'],
    ]);
  });

  test.each([
    ['22:00', '22:00'],
    ['00:00', '00:00'],
    ['22:00', '22:00:00'],
    ['24:00', '06:00'],
    ['24:00', '00:00'],
    ['', '06:00'],
    ['22:00', ''],
    ['25:00', '06:00'],
    ['22:60', '06:00'],
    ['22:00', '24:01'],
    ['9:00', '10:00'],
    ['ten', 'eleven'],
  ])('%j to %j is refused', (start, end) => {
    expect(() => split(start, end)).toThrow(RangeError);
  });

  test('without a day it is refused', () => {
    expect(() => split('22:00', '06:00', [])).toThrow(RangeError);
  });
});

describe('isQuiet (schema §9)', () => {
  const night = split('22:00', '06:00');

  test('no period is never quiet', () => {
    expect(isQuiet([], new Date('2026-01-16T23:00:00Z'), 'UTC')).toBe(false);
  });

  // 2026-01-16 is a friday
  test.each([
    ['2026-01-16T21:59:59.999Z', false],
    ['2026-01-16T22:00:00.000Z', true],
    ['2026-01-16T23:59:59.999Z', true],
    ['2026-01-17T00:00:00.000Z', true],
    ['2026-01-17T05:59:59.999Z', true],
    ['2026-01-17T06:00:00.000Z', false],
    ['2026-01-18T05:59:00.000Z', true],
    ['2026-01-18T22:00:00.000Z', false],
    ['2026-01-16T05:00:00.000Z', false],
  ])('22:00 to 06:00 on friday and saturday at %s: %s', (at, expected) => {
    expect(isQuiet(night, new Date(at), 'UTC')).toBe(expected);
  });

  test('the day and the hour are those of the zone, not of the machine', () => {
    const at = new Date('2026-01-17T02:59:59Z'); // friday 21:59:59 in New York, saturday in UTC and Tokyo
    expect(isQuiet(night, at, 'America/New_York')).toBe(false);
    expect(isQuiet(night, new Date(at.getTime() + 1000), 'America/New_York')).toBe(true);
    expect(isQuiet(night, at, 'Asia/Tokyo')).toBe(false);
  });

  test('when the clock goes back the repeated hour is quiet both times', () => {
    const hour = split('01:00', '02:00', ['sunday']); // Berlin and New York repeat it on different days
    const quiet = (at: string): boolean => isQuiet(hour, new Date(at), 'America/New_York');
    expect(['04:59:59', '05:00:00', '05:59:59', '06:00:00', '06:59:59', '07:00:00'].map((time) => quiet(`2026-11-01T${time}Z`))).toEqual([
      false,
      true,
      true,
      true,
      true,
      false,
    ]);
  });

  test('when the clock goes forward the skipped hour is quiet never', () => {
    const hour = split('02:00', '03:00', ['sunday']);
    for (let minute = 0; minute < 24 * 60; minute++) {
      const at = new Date(Date.parse('2026-03-08T05:00:00Z') + minute * 60_000);
      expect(isQuiet(hour, at, 'America/New_York'), at.toISOString()).toBe(false);
    }
  });

  test.each([
    ['a common night', '2026-01-17T12:00:00Z', 8],
    ['the night of the leap forward', '2026-03-07T12:00:00Z', 7],
    ['the night of the leap back', '2026-10-31T12:00:00Z', 9],
  ])('%s from 22:00 to 06:00 is as long as it really is', (_, noon, hours) => {
    const every = split('22:00', '06:00', DAYS_OF_WEEK);
    let minutes = 0;
    for (let minute = 0; minute < 24 * 60; minute++) {
      if (isQuiet(every, new Date(Date.parse(noon) + minute * 60_000), 'America/New_York')) minutes++;
    }
    expect(minutes).toBe(hours * 60);
  });
});

describe('groupQuietHours', () => {
  test('nothing is no group', () => {
    expect(groupQuietHours([])).toEqual([]);
  });

  test('puts halves together in whatever order they come, and keeps single rows', () => {
    const rows = [
      ...split('22:00', '06:00', ['sunday']).map((row) => ({ ...row, group_id: 'a' })),
      ...split('12:00', '13:00').map((row) => ({ ...row, group_id: 'b' })),
      ...split('20:00', '00:00').map((row) => ({ ...row, group_id: 'c' })),
    ];
    const groups = [
      { groupId: 'a', label: 'night', startTime: '22:00:00', endTime: '06:00:00', days: ['sunday'] },
      { groupId: 'b', label: 'night', startTime: '12:00:00', endTime: '13:00:00', days: WEEKEND },
      { groupId: 'c', label: 'night', startTime: '20:00:00', endTime: '24:00:00', days: WEEKEND },
    ];
    expect(groupQuietHours(rows)).toEqual(groups);
    expect(groupQuietHours(rows.toReversed())).toEqual(groups.toReversed());
  });
});
