import { expect, test } from 'vitest';
import { exportPercent, reportRows, type RowProgress } from '../../../../src/services/export/export-progress.ts';

test.each([
  [0, 0, 80],
  [0, 10, 10],
  [2_500, 10_000, 27],
  [9_999, 10_000, 79],
  [10_000, 10_000, 80],
])('%d of %d rows is %d percent (§10.14)', (done, total, percent) => {
  expect(exportPercent(done, total)).toBe(percent);
});

async function* numbers(count: number): AsyncIterable<number> {
  for (let number = 0; number < count; number += 1) yield await Promise.resolve(number);
}

async function reportsOf(count: number, msPerRow: number): Promise<{ rows: number; reports: RowProgress[] }> {
  const reports: RowProgress[] = [];
  let rows = 0;
  const options = {
    total: count,
    nowMs: () => rows * msPerRow,
    report: (progress: RowProgress) => Promise.resolve(void reports.push(progress)),
  };
  for await (const row of reportRows(numbers(count), options)) rows = row + 1;
  return { rows, reports };
}

test('reports every 100 rows when they are slow', async () => {
  const { rows, reports } = await reportsOf(450, 20);
  expect(rows).toBe(450);
  expect(reports.map(({ done }) => done)).toEqual([100, 200, 300, 400]);
  expect(reports[0]).toEqual({ done: 100, percent: 25, remainingMs: 7_000 });
});

test('reports at most once a second when they are quick', async () => {
  const { reports } = await reportsOf(5_000, 0.5);
  expect(reports.map(({ done }) => done)).toEqual([2_000, 4_000]);
});

test('reports nothing without rows', async () => {
  expect(await reportsOf(0, 1000)).toEqual({ rows: 0, reports: [] });
});
