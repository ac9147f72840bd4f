import { describe, expect, test } from 'vitest';

import { measurePicture, ratePicture, type PictureMeasures } from '../../../../src/domain/enrichment/picture-quality.ts';
import type { GreyPicture } from '../../../../src/domain/picture.ts';

const WIDTH = 66;
const HEIGHT = 34;

function picture(valueAt: (x: number, y: number) => number, width = WIDTH, height = HEIGHT): GreyPicture {
  const data = Float32Array.from({ length: width * height }, (_, i) => valueAt(i % width, Math.floor(i / width)));
  return { width, height, data };
}

/** Repeatable, of mean 0 and standard deviation 1. */
function createNoise(): () => number {
  let seed = 7;
  const next = (): number => (seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
  return () => (next() + next() + next() + next() - 2) * Math.sqrt(3);
}

describe('what is measured', () => {
  test.each([
    [0, 0],
    [9, 9],
    [9, 100],
    [100, 9],
  ])('nothing of a picture of %i × %i: no block of 8×8 with its neighbours fits', (width, height) => {
    expect(measurePicture(picture(() => 100, width, height))).toBeUndefined();
  });

  test('of one block: a single tone has neither detail nor noise', () => {
    expect(measurePicture(picture(() => 128, 10, 10))).toEqual({ brightness: 128, clippedShare: 0, detail: 0, noiseSigma: 0 });
  });

  test.each([
    ['black', 0, 1],
    ['nearly black', 2, 1],
    ['dark', 3, 0],
    ['bright', 252, 0],
    ['nearly white', 253, 1],
    ['white', 255, 1],
  ])('%s pixels of %i: clipped %i', (_, value, share) => {
    expect(measurePicture(picture(() => value))).toMatchObject({ brightness: value, clippedShare: share });
  });

  test('a slope is neither detail nor noise: its second derivatives are 0', () => {
    const { detail, noiseSigma } = measurePicture(picture((x, y) => x + 2 * y))!;
    expect([detail, noiseSigma]).toEqual([0, 0]);
  });

  // Each pixel c = ±d has four neighbours −c and four corners c: Laplacian −8c, variance 64 d² over d²; |I ∗ N| = 4d + 8d + 4d = 16d.
  test.each([1, 10, 100])('a chessboard of 128 ± %i has detail 64 and noise √(π/2)/6 · 16 d', (d) => {
    const measured = measurePicture(picture((x, y) => 128 + ((x + y) % 2 === 0 ? d : -d)))!;
    expect(measured.detail).toBeCloseTo(64, 6);
    expect(measured.noiseSigma).toBeCloseTo(3.34217 * d, 3);
  });

  // Left and right of c is −c, above and below c: Laplacian −4c, variance 16 d² over d²; the columns of N sum up to 0.
  test('upright stripes of one pixel have detail 16 and no noise: N sees what changes both ways', () => {
    const measured = measurePicture(picture((x) => 128 + (x % 2 === 0 ? 20 : -20)))!;
    expect(measured.detail).toBeCloseTo(16, 6);
    expect(measured.noiseSigma).toBeCloseTo(0, 6);
  });

  test('contrast and light do not change the detail', () => {
    const scene = (gain: number, offset: number): number =>
      measurePicture(picture((x, y) => offset + gain * (Math.sin(x) + Math.cos(y / 2))))!.detail;
    expect(scene(10, 60)).toBeCloseTo(scene(40, 128), 6);
  });

  test.each([1, 3, 8])('noise of standard deviation %i is found, a sixth too small at most, also beside a pattern', (sigma) => {
    const noise = createNoise();
    const scene = picture((x, y) => 128 + (x < WIDTH / 2 ? 0 : 60 * ((x + y) % 2)) + sigma * noise(), 130, 98);
    const { noiseSigma } = measurePicture(scene)!;
    expect(noiseSigma / sigma).toBeGreaterThan(0.83);
    expect(noiseSigma / sigma).toBeLessThan(1);
  });
});

describe('how it is rated', () => {
  const GOOD: PictureMeasures = { brightness: 128, clippedShare: 0, detail: 0.54, noiseSigma: 0 };

  // By hand: 0.54 / 0.60 = 0.9; 100 · ∛0.9 = 96.5.
  test('a good picture', () => {
    expect(ratePicture(GOOD)).toEqual({ score: 96.5, sharpness: 0.9, exposure: 1, noise: 1, issues: [] });
  });

  test.each<[string, Partial<PictureMeasures>, Partial<ReturnType<typeof ratePicture>>]>([
    ['one tone', { detail: 0 }, { score: 0, sharpness: 0, issues: ['blurry'] }],
    ['half as sharp', { detail: 0.06 }, { score: 79.4, sharpness: 0.5, issues: [] }],
    ['at the edge of blurry', { detail: 0.02 }, { sharpness: 0.25, issues: [] }],
    ['blurry', { detail: 0.0199 }, { issues: ['blurry'] }],
    ['black', { brightness: 0, clippedShare: 1, detail: 0 }, { score: 0, exposure: 0, issues: ['blurry', 'dark'] }],
    ['at 30 of 60 levels', { brightness: 30 }, { score: 76.6, exposure: 0.5, issues: ['dark'] }],
    ['not quite dark', { brightness: 40 }, { exposure: 0.67, issues: [] }],
    ['white', { brightness: 255, clippedShare: 1, detail: 0 }, { score: 0, exposure: 0, issues: ['blurry', 'overexposed'] }],
    ['a quarter clipped', { clippedShare: 0.25 }, { exposure: 0.75, issues: [] }],
    ['noise of 3 levels', { noiseSigma: 3 }, { score: 76.6, noise: 0.5, issues: [] }],
    ['noise of 6 levels', { noiseSigma: 6 }, { noise: 0.2, issues: ['noisy'] }],
  ])('%s', (_, part, expected) => {
    expect(ratePicture({ ...GOOD, ...part })).toMatchObject(expected);
  });
});
