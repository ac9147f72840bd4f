import { describe, expect, test } from 'vitest';

import { isInSchedule, parseSchedule } from '../../../../src/domain/household/schedule.ts';
import type { Schedule } from '../../../../src/domain/household/schedule.ts';

function schedule(value: unknown): Schedule {
  const parsed = parseSchedule(value);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.schedule;
}

/** 2026-01-12 was a monday. */
const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
function at(text: string): number {
  const [day = '', time = ''] = text.split(' ');
  return Date.parse(`2026-01-${12 + DAYS.indexOf(day)}T${time}Z`);
}

test.each([
  [null, /an object such as/],
  ['daily', /an object such as/],
  [['08:00-18:00'], /an object such as/],
  [{ mon: '08:00-18:00' }, /"mon" is not a day; known are monday, .*daily/],
  [{ Monday: '08:00-18:00' }, /"Monday" is not a day/],
  [{ constructor: '08:00-18:00' }, /"constructor" is not a day/],
  [{ daily: '' }, /"daily" is "", but must be HH:MM-HH:MM, a list of them, all_day or none/],
  [{ daily: 8 }, /"daily" is 8, but must be/],
  [{ daily: null }, /"daily" is null, but must be/],
  [{ daily: '08:00' }, /must be HH:MM-HH:MM/],
  [{ daily: '8-18' }, /must be HH:MM-HH:MM/],
  [{ daily: '08:00-18:00-20:00' }, /must be HH:MM-HH:MM/],
  [{ daily: '08:60-18:00' }, /no such time of day: "08:60-18:00"/],
  [{ daily: '08:00-25:00' }, /no such time of day/],
  [{ daily: '08:00-24:01' }, /no such time of day/],
  [{ daily: '24:00-08:00' }, /no such time of day/],
  [{ daily: '08:00-08:00' }, /begins and ends at the same time.*all_day/],
  [{ daily: [] }, /empty list; use none/],
  [{ daily: ['08:00-10:00', 'none'] }, /"daily" is "none", but must be/],
  [{ daily: ['08:00-10:00', ['11:00-12:00']] }, /but must be/],
])('the schedule %j is refused (§10.1)', (value, message) => {
  const parsed = parseSchedule(value);
  expect(parsed.ok || parsed.message).toMatch(message);
});

test.each([
  ['Thu 07:59', false],
  ['Thu 08:00', true],
  ['Fri 10:00', false],
  ['Fri 22:00', true],
  ['Sat 05:59', true],
  ['Sat 06:00', false],
  ['Sat 08:00', true],
  ['Thu 17:59', true],
  ['Thu 18:00', false],
])('daily 08–18, friday 22–06: %s is inside: %s (§10.1)', (moment, inside) => {
  expect(isInSchedule(schedule({ daily: '08:00-18:00', friday: '22:00-06:00' }), at(moment), 'UTC')).toBe(inside);
});

test.each<[unknown, string, boolean]>([
  [{}, 'Mon 12:00', false],
  [{ daily: 'none' }, 'Mon 12:00', false],
  [{ daily: 'all_day' }, 'Mon 00:00', true],
  [{ daily: 'all_day' }, 'Sun 23:59:59', true],
  [{ monday: 'all_day' }, 'Tue 00:00', false],
  [{ weekdays: '08:00-18:00' }, 'Fri 12:00', true],
  [{ weekdays: '08:00-18:00' }, 'Sat 12:00', false],
  [{ weekends: 'none', daily: 'all_day' }, 'Sat 12:00', false],
  [{ weekends: 'none', daily: 'all_day' }, 'Mon 12:00', true],
  [{ weekends: 'none', saturday: 'all_day' }, 'Sat 12:00', true],
  [{ weekends: 'none', saturday: 'all_day' }, 'Sun 12:00', false],
  [{ monday: ['06:00-07:00', '12:00-13:00'] }, 'Mon 12:30', true],
  [{ monday: ['06:00-07:00', '12:00-13:00'] }, 'Mon 07:30', false],
  [{ sunday: '22:00-06:00' }, 'Mon 05:59', true],
  [{ sunday: '22:00-06:00', monday: 'none' }, 'Mon 05:59', true],
  [{ monday: '18:00-24:00' }, 'Mon 23:59', true],
  [{ monday: '18:00-24:00' }, 'Tue 00:00', false],
  [{ monday: '18:00-00:00' }, 'Mon 23:59', true],
  [{ monday: '18:00-00:00' }, 'Tue 00:00', false],
  [{ monday: '9:00 - 10:00' }, 'Mon 09:30', true],
])('%j at %s is inside: %s (§10.1)', (value, moment, inside) => {
  expect(isInSchedule(schedule(value), at(moment), 'UTC')).toBe(inside);
});

describe('by the clock on the wall (§10.1)', () => {
  test.each([
    ['Europe/Berlin', '2026-07-15T06:00Z', { daily: '08:00-09:00' }, true],
    ['Europe/Berlin', '2026-01-15T06:00Z', { daily: '08:00-09:00' }, false],
    // 02:30 comes twice in autumn and never in spring.
    ['Europe/Berlin', '2026-10-25T00:30Z', { sunday: '02:15-02:45' }, true],
    ['Europe/Berlin', '2026-10-25T01:30Z', { sunday: '02:15-02:45' }, true],
    ['Europe/Berlin', '2026-03-29T00:45Z', { sunday: '02:15-02:45' }, false],
    ['Europe/Berlin', '2026-03-29T01:15Z', { sunday: '02:15-02:45' }, false],
    // A night in which the clocks change still ends at six.
    ['Europe/Berlin', '2026-03-29T03:59Z', { saturday: '22:00-06:00' }, true],
    ['Europe/Berlin', '2026-03-29T04:00Z', { saturday: '22:00-06:00' }, false],
    ['Europe/Berlin', '2026-10-25T04:59Z', { saturday: '22:00-06:00' }, true],
    ['Europe/Berlin', '2026-10-25T05:00Z', { saturday: '22:00-06:00' }, false],
    ['America/Sao_Paulo', '2018-11-04T03:00Z', { sunday: 'all_day' }, true],
    ['Pacific/Auckland', '2026-01-11T11:00Z', { monday: 'all_day' }, true],
  ])('in %s at %s: %j is inside: %s', (zone, moment, value, inside) => {
    expect(isInSchedule(schedule(value), Date.parse(moment), zone)).toBe(inside);
  });
});
