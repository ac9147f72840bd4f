import { describe, expect, test } from 'vitest';
import type { AlertSchedule } from '../../../../src/domain/alerts/alert-rule.ts';
import { holdsInSchedule } from '../../../../src/domain/alerts/alert-schedule.ts';
import { localToUtc } from '../../../../src/domain/time/local-time.ts';

const NIGHT: AlertSchedule = { days: ['friday'], start_time: '22:00', end_time: '06:00' };

/** 2026-01-16 is a friday. */
function atLocal(day: number, hour: number, minute: number, zone = 'UTC'): number {
  const reading = localToUtc({ year: 2026, month: 1, day, hour, minute, second: 0, millisecond: 0 }, zone);
  return reading.kind === 'fold' ? reading.earlyMs : reading.utcMs;
}

describe('schedule, days [friday] 22:00–06:00 (§10.4)', () => {
  test.each([
    ['Fri 22:00', 16, 22, 0, true],
    ['Fri 23:59', 16, 23, 59, true],
    ['Sat 05:59', 17, 5, 59, true],
    ['Sat 06:00', 17, 6, 0, false],
    ['Sat 22:30', 17, 22, 30, false],
    ['Fri 05:00', 16, 5, 0, false],
  ])('%s', (_, day, hour, minute, holds) => {
    for (const zone of ['UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe']) {
      expect(holdsInSchedule(NIGHT, atLocal(day, hour, minute, zone), zone)).toBe(holds);
    }
  });
});

test('missing times are the whole day, missing days all of them, an empty schedule always', () => {
  expect(holdsInSchedule({}, atLocal(14, 3, 0), 'UTC')).toBe(true);
  expect(holdsInSchedule({ days: [] }, atLocal(14, 3, 0), 'UTC')).toBe(true);
  expect(holdsInSchedule({ days: ['friday'] }, atLocal(16, 0, 0), 'UTC')).toBe(true);
  expect(holdsInSchedule({ days: ['friday'] }, atLocal(17, 0, 0), 'UTC')).toBe(false);
  expect(holdsInSchedule({ start_time: '22:00' }, atLocal(16, 23, 59), 'UTC')).toBe(true);
  expect(holdsInSchedule({ end_time: '06:00' }, atLocal(16, 6, 0), 'UTC')).toBe(false);
  expect(holdsInSchedule({ start_time: '00:00', end_time: '24:00' }, atLocal(16, 23, 59), 'UTC')).toBe(true);
});

test('the zone of the schedule wins over that of the camera', () => {
  const at = atLocal(16, 22, 30);
  expect(holdsInSchedule(NIGHT, at, 'Asia/Tokyo')).toBe(false);
  expect(holdsInSchedule({ ...NIGHT, timezone: 'UTC' }, at, 'Asia/Tokyo')).toBe(true);
});

describe('where clocks change the clock on the wall decides', () => {
  const cases: [string, string, AlertSchedule, string, boolean][] = [
    ['Berlin, spring: 02:00–03:00 is skipped', 'Europe/Berlin', { start_time: '02:00', end_time: '03:00' }, '2026-03-29T01:00:00Z', false],
    ['Berlin, spring: 03:00 is there at once', 'Europe/Berlin', { start_time: '03:00', end_time: '04:00' }, '2026-03-29T01:00:00Z', true],
    ['Berlin, autumn: 02:30 comes first', 'Europe/Berlin', { start_time: '02:00', end_time: '03:00' }, '2026-10-25T00:30:00Z', true],
    ['Berlin, autumn: and once more', 'Europe/Berlin', { start_time: '02:00', end_time: '03:00' }, '2026-10-25T01:30:00Z', true],
    ['Berlin, autumn: then it is over', 'Europe/Berlin', { start_time: '02:00', end_time: '03:00' }, '2026-10-25T02:00:00Z', false],
    ['New York, spring night of saturday', 'America/New_York', { ...NIGHT, days: ['saturday'] }, '2026-03-08T09:59:59Z', true],
    ['New York, that night is over at 06:00', 'America/New_York', { ...NIGHT, days: ['saturday'] }, '2026-03-08T10:00:00Z', false],
    ['New York, autumn: an hour longer in UTC', 'America/New_York', { ...NIGHT, days: ['saturday'] }, '2026-11-01T10:59:59Z', true],
    [
      'Lord Howe moves by half an hour: 02:15 in summer time',
      'Australia/Lord_Howe',
      { start_time: '01:30', end_time: '02:00' },
      '2026-04-04T15:15:00Z',
      true,
    ],
    [
      'Lord Howe: in the repeated half hour',
      'Australia/Lord_Howe',
      { start_time: '01:30', end_time: '02:00' },
      '2026-04-04T15:29:59Z',
      true,
    ],
    ['Lord Howe: after it', 'Australia/Lord_Howe', { start_time: '01:30', end_time: '02:00' }, '2026-04-04T15:30:00Z', false],
  ];
  test.each(cases)('%s', (_, zone, schedule, at, holds) => {
    expect(holdsInSchedule(schedule, Date.parse(at), zone)).toBe(holds);
  });
});
