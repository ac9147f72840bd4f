import { expect, test } from 'vitest';
import { emptyInMs, perMinute, remainingMs } from '../../../src/domain/job-pace.ts';

test.each([
  [0, 60_000, null],
  [5, 0, null],
  [5, -1, null],
  [5, 60_000, 5],
  [1, 300_000, 0.2],
  [3, 1_000, 180],
])('%s in %s ms is a pace of %s a minute', (count, windowMs, pace) => {
  expect(perMinute(count, windowMs)).toBe(pace);
});

test.each([
  [0, 10_000, null],
  [-3, 10_000, null],
  [101, 10_000, null],
  [NaN, 10_000, null],
  [50, -1, null],
  [1, 1_000, 99_000],
  [50, 10_000, 10_000],
  [99, 99_000, 1_000],
  [100, 10_000, 0],
])('at %s %% after %s ms %s ms are left', (percent, elapsedMs, left) => {
  expect(remainingMs({ percent, elapsedMs })).toBe(left);
});

test.each([
  [0, null, 0],
  [0, 12, 0],
  [7, null, null],
  [7, 0, null],
  [7, -1, null],
  [6, 12, 30_000],
])('%s jobs at %s a minute are done in %s ms', (count, pace, ms) => {
  expect(emptyInMs(count, pace)).toBe(ms);
});
