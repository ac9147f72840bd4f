import { expect, test } from 'vitest';

import { sceneChangeType } from '../../../../src/domain/scene/judge-scene.ts';
import type { ScenePicture } from '../../../../src/domain/scene/scene-luma.ts';
import { ssim } from '../../../../src/domain/scene/ssim.ts';
import { usedWindowShare } from '../../../../src/domain/scene/window-sums.ts';
import { seededRandom } from '../make-detections.ts';
import { grey, mapped } from './make-scene.ts';

const SIZE = { width: 32, height: 32 };
const A = grey(SIZE, (x, y) => (8 * x + 4 * y) % 256);
const R = grey(SIZE, (x, y) => 4 * x + 2 * y);
const CHEQUERS = grey(SIZE, (x, y) => ((Math.floor(x / 4) + Math.floor(y / 4)) % 2 === 0 ? 20 : 220));
const constant = (value: number) => grey(SIZE, () => value);

test.each<[string, ScenePicture, ScenePicture, number, string | null]>([
  ['A, A', A, A, 1, null],
  ['A, min(255, A+10)', A, mapped(A, (value) => Math.min(255, value + 10)), 0.9952, null],
  ['A, 255−A', A, mapped(A, (value) => 255 - value), -0.6294, 'view_blocked'],
  ['A, constant 128', A, constant(128), 0.1029, 'view_blocked'],
  ['100, 110 constant', constant(100), constant(110), 0.9955, null],
  ['100, 50 constant', constant(100), constant(50), 0.8001, 'unknown'],
  ['R, R+10', R, mapped(R, (value) => value + 10), 0.9915, null],
  ['R, R+40', R, mapped(R, (value) => value + 40), 0.9183, null],
  ['R, ⌊R/2⌋', R, mapped(R, (value) => Math.floor(value / 2)), 0.6985, 'angle_changed'],
  ['R, 0', R, constant(0), 0.0006, 'view_blocked'],
  ['chequers, ⌊0.8·chequers⌋', CHEQUERS, mapped(CHEQUERS, (value) => Math.floor(0.8 * value)), 0.9519, null],
  ['chequers, 8 columns set to 120', CHEQUERS, mapped(CHEQUERS, (value, i) => (i % 32 < 8 ? 120 : value)), 0.8386, 'unknown'],
])('SSIM of %s (§10.3)', (_, a, b, expected, type) => {
  const mean = ssim(a, b)!;
  expect(mean).toBeCloseTo(expected, 4);
  expect(sceneChangeType(Math.max(0, mean))).toBe(type);
  expect(ssim(b, a)!).toBeCloseTo(mean, 12);
});

test('pictures without a whole window have none, of different sizes cannot be compared', () => {
  const small = grey({ width: 6, height: 40 }, () => 5);
  expect(ssim(small, small)).toBeUndefined();
  expect(() => ssim(A, small)).toThrow('32×32 and 6×40');
  const one = grey({ width: 7, height: 7 }, (x) => x);
  expect(ssim(one, one)).toBe(1);
  expect([small, one].map((picture) => usedWindowShare(picture, undefined))).toEqual([0, 1]);
});

/** The definition, window by window. */
function ssimSlowly(a: ScenePicture, b: ScenePicture, leftOut: Uint8Array): { mean: number; usedShare: number } | undefined {
  const scores: number[] = [];
  let windows = 0;
  for (let cy = 3; cy < a.height - 3; cy += 1) {
    for (let cx = 3; cx < a.width - 3; cx += 1) {
      const at = Array.from({ length: 49 }, (_, i) => (cy - 3 + Math.floor(i / 7)) * a.width + cx - 3 + (i % 7));
      windows += 1;
      if (at.some((i) => leftOut[i] !== 0)) continue;
      const mean = (data: Uint8Array) => at.reduce((sum, i) => sum + data[i]!, 0) / 49;
      const [meanA, meanB] = [mean(a.data), mean(b.data)];
      const covariance = (p: Uint8Array, meanP: number, q: Uint8Array, meanQ: number) =>
        at.reduce((sum, i) => sum + (p[i]! - meanP) * (q[i]! - meanQ), 0) / 48;
      const above = (2 * meanA * meanB + 6.5025) * (2 * covariance(a.data, meanA, b.data, meanB) + 58.5225);
      const variances = covariance(a.data, meanA, a.data, meanA) + covariance(b.data, meanB, b.data, meanB);
      scores.push(above / ((meanA ** 2 + meanB ** 2 + 6.5025) * (variances + 58.5225)));
    }
  }
  if (scores.length === 0) return undefined;
  return { mean: scores.reduce((sum, score) => sum + score, 0) / scores.length, usedShare: scores.length / windows };
}

test('of random pictures it is what the definition says, symmetric, at most 1, also with pixels left out (§10.3)', () => {
  const random = seededRandom(21);
  for (let run = 0; run < 25; run += 1) {
    const size = { width: 7 + Math.floor(random() * 25), height: 7 + Math.floor(random() * 25) };
    const a = grey(size, () => random() * 256);
    const noise = random() * 200;
    const b = mapped(a, (value) => Math.min(255, Math.max(0, value + (random() - 0.5) * noise)));
    const leftOut = Uint8Array.from(a.data, () => (random() < run * 0.003 ? 1 + Math.floor(random() * 255) : 0));
    const expected = ssimSlowly(a, b, leftOut);
    const found = ssim(a, b, leftOut);
    expect(usedWindowShare(a, leftOut)).toBe(expected?.usedShare ?? 0);
    expect(found === undefined).toBe(expected === undefined);
    if (found === undefined || !expected) continue;
    expect(found).toBeCloseTo(expected.mean, 9);
    expect(ssim(b, a, leftOut)!).toBeCloseTo(found, 12);
    expect(found).toBeLessThanOrEqual(1);
    expect(ssim(a, a, leftOut)!).toBeCloseTo(1, 9);
  }
});

test('a changed part that is left out does not count (§10.3)', () => {
  const changed = mapped(A, (value, i) => (i % 32 >= 20 && i < 320 ? 255 - value : value));
  const leftOut = Uint8Array.from(A.data, (_, i) => (i % 32 >= 20 && i < 320 ? 1 : 0));
  expect(ssim(A, changed)!).toBeLessThan(0.9);
  expect(ssim(A, changed, leftOut)).toBe(1);
  // Windows that reach into the 12 columns and 10 rows: centres from column 17 and up to row 12.
  expect(usedWindowShare(A, leftOut)).toBeCloseTo(1 - (12 * 10) / (26 * 26), 10);
});
