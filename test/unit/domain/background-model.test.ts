import { expect, test } from 'vitest';
import { adaptionRate, createBackgroundModel, observe } from '../../../src/domain/background-model.ts';
import type { BackgroundModel } from '../../../src/domain/background-model.ts';
import type { BoxXywh } from '../../../src/domain/box.ts';
import type { GreyPicture } from '../../../src/domain/picture.ts';

const SIZE = { width: 320, height: 180 };

/** An even picture with a brighter rectangle. */
function grey(level: number, box?: BoxXywh, boxLevel = 0, size = SIZE): GreyPicture {
  const data = new Float32Array(size.width * size.height).fill(level);
  if (!box) return { ...size, data };
  for (let y = box.y; y < box.y + box.height; y += 1) data.fill(boxLevel, y * size.width + box.x, y * size.width + box.x + box.width);
  return { ...size, data };
}

/** A model that has seen two even pictures of level 100, half a second apart; the next sample is due at 1000 ms. */
function settledModel(mask?: Uint8Array): BackgroundModel {
  const model = createBackgroundModel({ ...SIZE, mask });
  observe(model, grey(100), 0);
  observe(model, grey(100), 500);
  return model;
}

test.each([
  [0, 0.02],
  [-500, 0.02],
  [200, 0.02],
  [500, 0.04877],
  [1000, 0.09516],
  [2000, 0.18127],
  [5000, 0.39347],
  [60_000, 0.5],
])('after %d ms the background follows by %d (§3.2)', (elapsedMs, rate) => {
  expect(adaptionRate(elapsedMs)).toBeCloseTo(rate, 5);
});

/** Samples at 2 fps for which a step of 100 grey levels in a box stays above the threshold. */
function samplesAboveThreshold(box: BoxXywh): number {
  const model = settledModel();
  const at = (box.y + 1) * SIZE.width + box.x + 1;
  for (let sample = 0; ; sample += 1) {
    observe(model, grey(100, box, 200), 1000 + sample * 500);
    if (model.set[at] === 0) return sample;
  }
}

test('a step of 100 levels stays for 31 samples where it is not marked as moving (§3.2)', () => {
  // Five pixels square: 21 after cleaning, less than the 29 of a region.
  expect(samplesAboveThreshold({ x: 50, y: 50, width: 5, height: 5 })).toBe(31);
});

test('a step of 100 levels stays for 155 samples where it is marked as moving (§3.2)', () => {
  expect(samplesAboveThreshold({ x: 50, y: 50, width: 40, height: 40 })).toBe(155);
});

test('reports a region with its box, area and mean difference', () => {
  const seen = observe(settledModel(), grey(100, { x: 50, y: 60, width: 40, height: 20 }, 150), 1000);
  // Cleaning takes the four corners.
  expect(seen).toEqual({
    motion: true,
    lightingJump: false,
    regions: [{ box: { x: 50, y: 60, width: 40, height: 20 }, areaPx: 796, meanDifference: 50 }],
    samplesSeen: 3,
  });
});

test.each([
  ['a video', false, [false, false, true]],
  ['a still', true, [false, true, true]],
])('the first samples of %s report no motion (§3.2)', (_, isStill, expected) => {
  const model = createBackgroundModel({ ...SIZE, isStill });
  const motions = [0, 1, 2].map((i) => {
    const seen = observe(model, grey(100, { x: 40 * i, y: 50, width: 30, height: 30 }, 200), i * 500);
    expect(seen.regions.length > 0).toBe(seen.motion);
    return seen.motion;
  });
  expect(motions).toEqual(expected);
});

test.each([
  [22, false],
  [23, true],
])('a difference of %i is motion: %s (§3.2)', (difference, motion) => {
  expect(observe(settledModel(), grey(100, { x: 50, y: 50, width: 20, height: 20 }, 100 + difference), 1000).motion).toBe(motion);
});

test.each([
  ['0.05 % of the picture and more', 6, 6, true],
  ['less', 6, 5, false],
])('a region of %s counts: %i×%i (§3.2)', (_, width, height, motion) => {
  // 6×6 less its corners is 32 pixels, 6×5 is 26; the limit is 29.
  expect(observe(settledModel(), grey(100, { x: 50, y: 50, width, height }, 200), 1000).motion).toBe(motion);
});

test('masked pixels are never set (§3.2)', () => {
  const mask = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y += 1) mask.fill(1, y * SIZE.width, y * SIZE.width + 160);
  const left = { x: 50, y: 50, width: 40, height: 40 };
  expect(observe(settledModel(mask), grey(100, left, 200), 1000)).toMatchObject({ motion: false, lightingJump: false });
  expect(observe(settledModel(mask), grey(100, { ...left, x: 200 }, 200), 1000).motion).toBe(true);
});

test('a picture masked everywhere shows neither motion nor a lighting jump', () => {
  const model = settledModel(new Uint8Array(SIZE.width * SIZE.height).fill(1));
  expect(observe(model, grey(200), 1000)).toMatchObject({ motion: false, lightingJump: false });
});

test.each([
  ['half of the pixels set', grey(100, { x: 0, y: 0, width: 320, height: 90 }, 123), true],
  ['one row less than half', grey(100, { x: 0, y: 0, width: 320, height: 89 }, 123), false],
  ['the mean 30 levels higher', grey(130), true],
  ['the mean 30 levels lower', grey(70), true],
  ['a small bright part moves the mean by 30', grey(100, { x: 0, y: 0, width: 320, height: 36 }, 250), true],
  ['a small bright part moves the mean by less', grey(100, { x: 0, y: 0, width: 320, height: 35 }, 250), false],
])('lighting jump (§3.2): %s', (_, luma, lightingJump) => {
  expect(observe(settledModel(), luma, 1000).lightingJump).toBe(lightingJump);
});

test('a lighting jump starts the background again from the new picture (§3.2)', () => {
  const model = settledModel();
  expect(observe(model, grey(200), 1000)).toEqual({ motion: false, lightingJump: true, regions: [], samplesSeen: 1 });
  const box = { x: 50, y: 50, width: 40, height: 40 };
  expect(observe(model, grey(200, box, 100), 1500)).toMatchObject({ motion: false, samplesSeen: 2 });
  expect(observe(model, grey(200, { ...box, x: 200 }, 100), 2000)).toMatchObject({ motion: true, samplesSeen: 3 });
});

test('only half of the unmasked pixels counts for a lighting jump (§3.2)', () => {
  const mask = new Uint8Array(SIZE.width * SIZE.height);
  mask.fill(1, 0, mask.length / 2);
  const luma = grey(100, { x: 0, y: 90, width: 320, height: 45 }, 125);
  expect(observe(settledModel(), luma, 1000).lightingJump).toBe(false);
  expect(observe(settledModel(mask), luma, 1000).lightingJump).toBe(true);
});

test('a picture of another size starts again (§3.2)', () => {
  const model = settledModel();
  const small = { width: 160, height: 120 };
  expect(observe(model, grey(10, undefined, 0, small), 1000)).toEqual({
    motion: false,
    lightingJump: false,
    regions: [],
    samplesSeen: 1,
  });
  observe(model, grey(10, undefined, 0, small), 1500);
  expect(observe(model, grey(10, { x: 5, y: 5, width: 20, height: 20 }, 90, small), 2000).motion).toBe(true);
});

test('the mask follows a change of size', () => {
  const mask = new Uint8Array(SIZE.width * SIZE.height);
  for (let y = 0; y < SIZE.height; y += 1) mask.fill(1, y * SIZE.width, y * SIZE.width + 160);
  const model = settledModel(mask);
  const small = { width: 160, height: 90 };
  [1000, 1500].forEach((atMs) => observe(model, grey(10, undefined, 0, small), atMs));
  expect(observe(model, grey(10, { x: 20, y: 20, width: 20, height: 20 }, 90, small), 2000).motion).toBe(false);
  expect(observe(model, grey(10, { x: 100, y: 20, width: 20, height: 20 }, 90, small), 2500).motion).toBe(true);
});

test('what was seen before does not depend on who asks: equal samples give equal results', () => {
  const run = () => {
    const model = createBackgroundModel(SIZE);
    return Array.from({ length: 30 }, (_, i) => observe(model, grey(100, { x: i * 8, y: 50, width: 20, height: 40 }, 180), i * 500));
  };
  expect(run()).toEqual(run());
});

test('an area that only became brighter is light, one with another pattern is motion', () => {
  const pattern = (x: number, y: number) => 60 + ((x * 7 + y * 13) % 40);
  const textured = (patch: (x: number, y: number) => number): GreyPicture => {
    const luma = grey(0);
    luma.data.forEach((_, i) => {
      const [x, y] = [i % SIZE.width, Math.floor(i / SIZE.width)];
      luma.data[i] = x >= 50 && x < 90 && y >= 50 && y < 90 ? patch(x, y) : pattern(x, y);
    });
    return luma;
  };
  const motionOf = (patch: (x: number, y: number) => number) => {
    const model = createBackgroundModel(SIZE);
    [0, 500].forEach((atMs) => observe(model, textured(pattern), atMs));
    return observe(model, textured(patch), 1000).motion;
  };
  expect(motionOf((x, y) => 1.6 * pattern(x, y))).toBe(false);
  expect(motionOf((x, y) => pattern(x, y) + 40)).toBe(false);
  expect(motionOf((x, y) => 60 + pattern(x + 3, y + 1))).toBe(true);
  expect(motionOf(() => 200)).toBe(true);
});
