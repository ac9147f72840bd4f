import { expect, test } from 'vitest';
import { parseSchedule } from '../../../../src/domain/household/schedule.ts';
import { readScheduleText, scheduleWeek } from '../../../../src/domain/household/schedule-text.ts';

test.each(['', ';', 'monday', '08:00-18:00', 'monday 08:00-09:00;', '{', 'daily none; Daily all_day'])(
  '%j is not a schedule, and says so',
  (text) => {
    expect(readScheduleText(text)).toMatchObject({ ok: false, message: expect.stringContaining('schedule') });
  },
);

test('days and hours written by hand mean what the JSON means (§10.1)', () => {
  const value = { daily: '08:00-18:00', friday: ['06:00-07:00', '22:00-06:00'], sunday: 'none' };
  expect(readScheduleText('Daily 08:00-18:00; friday: 06:00-07:00, 22:00-06:00 ;sunday=none')).toEqual({ ok: true, value });
  expect(readScheduleText(JSON.stringify(value))).toEqual({ ok: true, value });
});

test('the week shows each day as it is read, past midnight, whole and empty', () => {
  const parsed = parseSchedule({ weekdays: '18:00-24:00', friday: ['22:00-06:00', '06:00-07:00'], saturday: 'all_day' });
  if (!parsed.ok) throw new Error(parsed.message);
  expect(scheduleWeek(parsed.schedule).map(({ hours }) => hours.join(','))).toEqual([
    ...['18:00-24:00', '18:00-24:00', '18:00-24:00', '18:00-24:00'],
    '06:00-07:00,22:00-06:00',
    'all_day',
    '',
  ]);
});
