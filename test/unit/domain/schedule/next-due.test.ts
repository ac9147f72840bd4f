import { describe, expect, test } from 'vitest';
import { findNextDue } from '../../../../src/domain/schedule/next-due.ts';
import { formatLocal } from '../../../../src/domain/time/local-time.ts';
import { readCron } from '../../../../src/services/schedules/read-cron.ts';

function dueTimes(cron: string, { zone, from, count }: { zone: string; from: string; count: number }): string[] {
  const { fields } = readCron(cron);
  const times: string[] = [];
  // Each is asked for from a moment after the one before, as a worker does.
  for (let afterMs = Date.parse(from); times.length < count;) {
    const due = findNextDue(fields, { zone, afterMs });
    if (due === undefined) throw new Error('never due');
    times.push(new Date(due).toISOString().slice(5, 16));
    afterMs = due + 1234;
  }
  return times;
}

describe('the next time a schedule is due', () => {
  test.each([
    ['the day clocks go forward', '30 2 * * *', 'Europe/Berlin', '2026-03-27T12:00Z', ['03-28T01:30', '03-29T01:30', '03-30T00:30']],
    ['the day clocks go back', '30 2 * * *', 'Europe/Berlin', '2026-10-23T12:00Z', ['10-24T00:30', '10-25T00:30', '10-26T01:30']],
    ['clocks that go back over New York', '30 1 * * *', 'America/New_York', '2026-10-31T12:00Z', ['11-01T05:30', '11-02T06:30']],
    ['clocks that skip midnight', '0 0 * * *', 'America/Santiago', '2026-09-04T12:00Z', ['09-05T04:00', '09-06T04:00', '09-07T03:00']],
    ['clocks that go forward half an hour', '15 2 * * *', 'Australia/Lord_Howe', '2026-10-02T12:00Z', ['10-02T15:45', '10-03T15:45', '10-04T15:15']], // prettier-ignore
    ['clocks that go back half an hour', '45 1 * * *', 'Australia/Lord_Howe', '2026-04-03T12:00Z', ['04-03T14:45', '04-04T14:45', '04-05T15:15']], // prettier-ignore
    ['every half hour, clocks going back', '*/30 * * * *', 'Europe/Berlin', '2026-10-24T23:45Z', ['10-25T00:00', '10-25T00:30', '10-25T01:00', '10-25T01:30', '10-25T02:00']], // prettier-ignore
    ['every hour, clocks going forward', '0 * * * *', 'Europe/Berlin', '2026-03-29T00:30Z', ['03-29T01:00', '03-29T02:00']],
    ['a leap day, over a century without one', '0 0 29 2 *', 'UTC', '2096-03-01T00:00Z', ['02-29T00:00']],
    ['one of two days is enough', '0 12 1 * 0', 'UTC', '2026-10-30T00:00Z', ['11-01T12:00', '11-08T12:00']],
  ])('%s', (_, cron, zone, from, expected) => {
    expect(dueTimes(cron, { zone, from, count: expected.length })).toEqual(expected);
  });

  test('none for a day that never comes', () => {
    const everyMinute = readCron('* * * * *').fields;
    expect(findNextDue({ ...everyMinute, days: [30], months: [2], isAnyDay: false }, { zone: 'UTC', afterMs: 0 })).toBeUndefined();
  });

  test.each(['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Africa/Cairo', 'Asia/Tehran', 'Pacific/Apia', 'America/Havana'])(
    'is due once on each local day of a year in %s, at any hour',
    (zone) => {
      for (const cron of ['5 0 * * *', '30 2 * * *', '45 23 * * *']) {
        const { fields } = readCron(cron);
        const days: string[] = [];
        let afterMs = Date.parse('2026-01-01T12:00Z');
        for (let i = 0; i < 365; i += 1) {
          const due = findNextDue(fields, { zone, afterMs }) ?? NaN;
          days.push(formatLocal(due, zone).slice(0, 10));
          afterMs = due;
        }
        expect(new Set(days).size).toBe(365);
        expect(Date.parse(days.at(-1) ?? '') - Date.parse(days[0] ?? '')).toBe(364 * 86_400_000);
      }
    },
  );
});
