import { expect, test } from 'vitest';
import { alertScheduleProblems } from '../../../../src/domain/alerts/alert-schedule.ts';

const FINE: unknown[] = [
  null,
  undefined,
  {},
  { days: [], start_time: null, end_time: null, timezone: null },
  { days: ['monday', 'sunday'], start_time: '22:00', end_time: '06:00', timezone: 'Europe/Berlin' },
  { start_time: '00:00:00', end_time: '24:00' },
];

test.each(FINE.map((schedule) => [schedule]))('%j can be followed', (schedule) => {
  expect(alertScheduleProblems(schedule)).toEqual([]);
});

const ODD: [schedule: unknown, says: string][] = [
  [[], 'is no object'],
  ['always', 'is no object'],
  [{ days: 'monday' }, 'no list'],
  [{ days: ['Monday'] }, '"Monday"'],
  [{ days: [3] }, 'day 3'],
  [{ start_time: '24:01' }, '"24:01"'],
  [{ end_time: '6:00' }, '"6:00"'],
  [{ end_time: 6 }, 'time 6'],
  [{ start_time: '06:00', end_time: '06:00' }, 'starts when it ends'],
  [{ timezone: '+01:00' }, '"+01:00"'],
  [{ timezone: 'Mars/Base' }, '"Mars/Base"'],
];

test.each(ODD)('%j cannot: %s', (schedule, says) => {
  expect(alertScheduleProblems(schedule)).toEqual([expect.stringContaining(says)]);
});
