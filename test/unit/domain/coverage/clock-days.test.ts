import { expect, test } from 'vitest';

import { clockDays, dayParts } from '../../../../src/domain/coverage/clock-days.ts';

const HOUR_MS = 3_600_000;
const BERLIN = 'Europe/Berlin';

function span(from: string, until: string) {
  return { startMs: Date.parse(from), endMs: Date.parse(until) };
}

test('without footage there are no days, and a day nobody knows has unknown parts', () => {
  expect(clockDays([], [], BERLIN)).toEqual(new Map());
  expect(dayParts(undefined, 2)).toEqual([
    { share: null, hasHole: false },
    { share: null, hasHole: false },
  ]);
});

test.each([
  ['the skipped hour of spring is not known, and lengthens nothing', '2026-03-28T23:00Z', '2026-03-29T22:00Z', '2026-03-29', 23, null],
  ['the repeated hour of autumn lasts two', '2026-10-24T22:00Z', '2026-10-25T23:00Z', '2026-10-25', 25, 1],
])('%s', (_, from, until, date, hours, share) => {
  const days = clockDays([span(from, until)], [], BERLIN);
  const day = days.get(date);
  expect([...days.keys()]).toEqual([date]);
  expect(day?.lengthMs.reduce((sum, ms) => sum + ms, 0)).toBe(hours * HOUR_MS);
  expect(dayParts(day, 24)[2]).toEqual({ share, hasHole: false });
  expect(dayParts(day, 1)).toEqual([{ share: 1, hasHole: false }]);
});

test('parts before the first footage are not known, and a hole is in every part that it reaches into', () => {
  const footage = [span('2026-01-01T06:30Z', '2026-01-01T11:00Z'), span('2026-01-01T13:00Z', '2026-01-02T00:00Z')];
  const day = clockDays(footage, [span('2026-01-01T11:00Z', '2026-01-01T13:00Z')], 'UTC').get('2026-01-01');
  expect(dayParts(day, 4)).toEqual([
    { share: null, hasHole: false },
    { share: 4.5 / 6, hasHole: true },
    { share: 5 / 6, hasHole: true },
    { share: 1, hasHole: false },
  ]);
  expect(dayParts(day, 1)).toEqual([{ share: 15.5 / 24, hasHole: true }]);
});
