import { expect, test } from 'vitest';
import { findClockChanges, isDayDue, type CronFields } from '../../../../src/domain/schedule/cron-fields.ts';
import { toOnCalendar } from '../../../../src/domain/schedule/on-calendar.ts';
import { readCron } from '../../../../src/services/schedules/read-cron.ts';

const fieldsOf = (cron: string): CronFields => readCron(cron).fields;

test.each([
  ['* * * * *', ['*-*-* *:*:00']],
  ['0 6 * * *', ['*-*-* 06:00:00']],
  ['*/15 * * * *', ['*-*-* *:00/15:00']],
  ['5-59/10 8-10 * * *', ['*-*-* 08..10:05/10:00']],
  ['0 0,12 * * *', ['*-*-* 00,12:00:00']],
  ['1,2,3,7 1-2 * * *', ['*-*-* 01,02:01..03,07:00']],
  ['0 0 1,15 * *', ['*-*-01,15 00:00:00']],
  ['0 0 * 1-3,12 *', ['*-01..03,12-* 00:00:00']],
  ['30 6 * * 1-5', ['Mon..Fri *-*-* 06:30:00']],
  ['30 6 * * 0', ['Sun *-*-* 06:30:00']],
  ['30 6 * * 7', ['Sun *-*-* 06:30:00']],
  ['30 6 * * sat,sun,mon', ['Mon,Sat,Sun *-*-* 06:30:00']],
  ['30 6 13 * 5', ['*-*-13 06:30:00', 'Fri *-*-* 06:30:00']],
  ['0 0 * * 0-6', ['Mon..Sun *-*-* 00:00:00']],
  ['@weekly', ['Sun *-*-* 00:00:00']],
])('%s is %j', (cron, values) => {
  expect(toOnCalendar(fieldsOf(cron), undefined)).toEqual(values);
});

test('a zone ends each of them', () => {
  expect(toOnCalendar(fieldsOf('0 6 13 * 5'), 'Europe/Berlin')).toEqual([
    '*-*-13 06:00:00 Europe/Berlin',
    'Fri *-*-* 06:00:00 Europe/Berlin',
  ]);
});

test.each([
  ['0 0 * * *', { month: 2, day: 29, weekday: 0 }, true],
  ['0 0 13 * *', { month: 1, day: 13, weekday: 0 }, true],
  ['0 0 13 * *', { month: 1, day: 12, weekday: 0 }, false],
  ['0 0 * 2 *', { month: 1, day: 12, weekday: 0 }, false],
  ['0 0 * * 5', { month: 1, day: 12, weekday: 4 }, false],
  ['0 0 13 * 5', { month: 1, day: 13, weekday: 1 }, true],
  ['0 0 13 * 5', { month: 1, day: 12, weekday: 5 }, true],
  ['0 0 13 * 5', { month: 1, day: 12, weekday: 4 }, false],
])('%s on %j: %s', (cron, day, isDue) => {
  expect(isDayDue(fieldsOf(cron), day)).toBe(isDue);
});

const fromMs = Date.parse('2026-01-01T00:00:00Z');

test.each([
  ['0 6 * * *', 'Europe/Berlin', []],
  ['30 2 * * *', 'UTC', []],
  ['30 * * * *', 'Europe/Berlin', []],
  ['30 2 * * 1', 'Europe/Berlin', []],
  ['30 2 * * *', 'Europe/Berlin', [{ kind: 'skipped', day: '2026-03-29', time: '02:30' }, { kind: 'repeated', day: '2026-10-25', time: '02:30' }]],
  ['15 1-2 * * 0', 'Europe/London', [{ kind: 'skipped', day: '2026-03-29', time: '01:15' }, { kind: 'repeated', day: '2026-10-25', time: '01:15' }]],
  // By half an hour.
  ['*/20 2 * * *', 'Australia/Lord_Howe', [{ kind: 'skipped', day: '2026-10-04', time: '02:00' }]],
])('%s in %s meets changing clocks: %j', (cron, zone, changes) => {
  expect(findClockChanges(fieldsOf(cron), { zone, fromMs })).toEqual(changes);
}); // prettier-ignore

test.each(['2026-01-01T22:30:00Z', '2026-01-01T23:00:00Z', '2026-03-28T22:59:59Z', '2026-03-29T00:59:59Z'])(
  'whatever the time of day, each day is looked at once: from %s',
  (from) => {
    const found = findClockChanges(fieldsOf('30 2 * * *'), { zone: 'Europe/Berlin', fromMs: Date.parse(from) });
    expect(found.slice(0, 2)).toEqual([
      { kind: 'skipped', day: '2026-03-29', time: '02:30' },
      { kind: 'repeated', day: '2026-10-25', time: '02:30' },
    ]);
  },
);
