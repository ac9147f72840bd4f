import { expect, test } from 'vitest';

import { foldDays } from '../../../../src/services/stats/stats-plot.ts';

function days(count: number) {
  return Array.from({ length: count }, (_, day) => ({ date: `day ${String(day)}`, events_low: 1, events_critical: day === 3 ? 2 : 0 }));
}

test.each([
  [0, 1, 0],
  [1, 1, 1],
  [100, 1, 100],
  [101, 7, 15],
  [700, 7, 100],
  [701, 28, 26],
  [13_000, 364, 36],
])('%i days make bars of %i days each, %i of them', (count, perBar, bars) => {
  const folded = foldDays(days(count));
  expect([folded.days, folded.rows.length]).toEqual([perBar, bars]);
  expect(folded.rows.reduce((sum, row) => sum + Number(row['events_low']), 0)).toBe(count);
});

test('a bar of several days is named by its first and holds their sums', () => {
  const [first, second] = foldDays(days(101)).rows;
  expect(first).toMatchObject({ date: 'day 0', events_low: 7, events_critical: 2 });
  expect(second).toMatchObject({ date: 'day 7', events_critical: 0 });
});
