import { expect, test } from 'vitest';

import { anomaly, anomalyLevel, isUnusuallyQuiet } from '../../../../src/domain/baselines/anomaly.ts';
import { seededRandom } from '../make-detections.ts';

/** The sum as the rule writes it; good as long as p₀ is a number. */
function anomalyBySum(k: number, a: number, b: number): number {
  let p = (b / (b + 1)) ** a;
  let sum = 0;
  for (let j = 0; j < k; j += 1) {
    sum += p;
    p = (p * (a + j)) / (j + 1) / (b + 1);
  }
  return sum;
}

test.each([
  [-1, 1, 1],
  [0.5, 1, 1],
  [NaN, 1, 1],
  [1, 0, 1],
  [1, 1, 0],
  [1, NaN, 1],
  [1, 1, Infinity],
])('anomaly(%d, %d, %d) is refused', (k, a, b) => {
  expect(() => anomaly(k, a, b)).toThrow(RangeError);
});

test('no tracks are no anomaly (§8.4)', () => {
  expect(anomaly(0, 0.5, 0.5)).toBe(0);
  expect(anomaly(0, 1e9, 13)).toBe(0);
});

test.each([
  [1, 0.5, 12.6911, 0.9628],
  [1, 0.5, 7.4664, 0.9391],
  [1, 0.5, 9.1532, 0.9495],
  [1, 0.5, 9.5068, 0.9512],
  [1, 2.9382, 12.6911, 0.8002],
  [2, 2.9382, 12.6911, 0.972],
  [3, 2.9382, 12.6911, 0.9967],
  [1, 12.6911, 12.6911, 0.3819],
  [2, 12.6911, 12.6911, 0.7359],
  [3, 12.6911, 12.6911, 0.9129],
  [4, 12.6911, 12.6911, 0.9763],
  [5, 12.6911, 12.6911, 0.9944],
  [3, 37.0734, 12.6911, 0.4491],
  [5, 37.0734, 12.6911, 0.8218],
  [6, 37.0734, 12.6911, 0.9163],
  [8, 37.0734, 12.6911, 0.9865],
  [10, 37.0734, 12.6911, 0.9985],
  [1, 5.448, 4.5116, 0.336],
  [2, 5.448, 4.5116, 0.6681],
  [3, 5.448, 4.5116, 0.8623],
  [4, 5.448, 4.5116, 0.9498],
  [5, 5.448, 4.5116, 0.9834],
  [6, 5.448, 4.5116, 0.9949],
])('anomaly(%d, %d, %d) is %d (§8.4)', (k, a, b, score) => {
  expect(Math.abs(anomaly(k, a, b) - score)).toBeLessThan(1e-4);
});

test('agrees with the sum as written wherever that can be computed (§8.4)', () => {
  const random = seededRandom(1);
  for (let run = 0; run < 3000; run += 1) {
    const a = 0.5 + random() ** 3 * 300;
    const b = 0.5 + random() * 13.5;
    const k = Math.floor(random() ** 2 * 400);
    expect(Math.abs(anomaly(k, a, b) - anomalyBySum(k, a, b))).toBeLessThan(1e-12);
  }
});

/** Known without the sum: by symmetry, far tails, a = 1 (geometric), k = 1 (p₀); the two near 13 000 000 by a sum of logarithms elsewhere. */
test.each([
  [1_000_000, 13_000_000, 13, 0.49988],
  [1_000_000, 1_000_000, 1, 0.5],
  [1_000_000_000, 1_000_000_000, 1, 0.5],
  [1_001_000, 13_000_000, 13, 0.83227],
  [1, 1_000_000, 1, 0],
  [1, 1e15, 13, 0],
  [1_000_000, 0.5, 0.5, 1],
  [1e12, 0.5, 13, 1],
  [20, 1, 12, 1 - 13 ** -20],
  [1, 3000, 13, (13 / 14) ** 3000],
  [5, 0.5, 1e9, 1],
])('anomaly(%d, %d, %d) is %d, without overflow or underflow (§8.4)', (k, a, b, expected) => {
  expect(Math.abs(anomaly(k, a, b) - expected)).toBeLessThan(1e-4);
});

test('more tracks are never less unusual, more history of them never more so (§8.4)', () => {
  const random = seededRandom(2);
  for (let run = 0; run < 500; run += 1) {
    const a = 10 ** (random() * 8) - 0.5;
    const b = 0.5 + random() * 13.5;
    const k = Math.floor((random() * 3 * a) / b);
    const score = anomaly(k, a, b);
    expect(score).toBeGreaterThanOrEqual(0);
    expect(score).toBeLessThanOrEqual(1);
    expect(anomaly(k + 1, a, b)).toBeGreaterThanOrEqual(score);
    expect(anomaly(k, a * 1.1, b)).toBeLessThanOrEqual(score);
  }
});

test.each([
  [null, null],
  [0, 'usual'],
  [0.5, 'usual'],
  [0.50001, 'between'],
  [0.94999, 'between'],
  [0.95, 'unusual'],
  [0.98999, 'unusual'],
  [0.99, 'very_unusual'],
  [1, 'very_unusual'],
])('a score of %s is %s (§8.4)', (score, level) => {
  expect(anomalyLevel(score)).toBe(level);
});

test('nothing in an hour of usually eight tracks is unusually quiet, in one of three it is not (§8.4)', () => {
  expect(isUnusuallyQuiet(0, 0.5 + 8 * 12.1911, 12.6911)).toBe(true);
  expect(isUnusuallyQuiet(1, 0.5 + 8 * 12.1911, 12.6911)).toBe(true);
  expect(isUnusuallyQuiet(3, 0.5 + 8 * 12.1911, 12.6911)).toBe(false);
  expect(isUnusuallyQuiet(0, 37.0734, 12.6911)).toBe(false);
  expect(isUnusuallyQuiet(0, 0.5, 12.6911)).toBe(false);
});
