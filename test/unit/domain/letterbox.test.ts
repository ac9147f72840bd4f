import { expect, test } from 'vitest';
import { toStoredBox } from '../../../src/domain/box.ts';
import { fromLetterbox, planLetterbox } from '../../../src/domain/letterbox.ts';

const INPUT = { width: 640, height: 640 };

test.each([
  [1920, 1080, 1 / 3, 640, 360, 0, 140],
  [2560, 1920, 0.25, 640, 480, 0, 80],
  [1080, 1920, 1 / 3, 360, 640, 140, 0],
  [704, 576, 0.9091, 640, 524, 0, 58],
  [320, 240, 2, 640, 480, 0, 80],
])('letterboxes %i×%i to 640 (§4)', (width, height, scale, scaledWidth, scaledHeight, padX, padY) => {
  const plan = planLetterbox({ width, height }, INPUT, 'centre');
  expect(plan.scale).toBeCloseTo(scale, 4);
  expect(plan).toMatchObject({ scaled: { width: scaledWidth, height: scaledHeight }, padX, padY });
});

test('a model with top-left padding has no border on the left and the top (§4)', () => {
  expect(planLetterbox({ width: 1920, height: 1080 }, INPUT, 'top-left')).toMatchObject({ padX: 0, padY: 0 });
});

test('an extreme strip still has a pixel of height', () => {
  expect(planLetterbox({ width: 5000, height: 1 }, INPUT, 'centre').scaled).toEqual({ width: 640, height: 1 });
});

test('an odd border has its smaller half on the left and the top (§4)', () => {
  expect(planLetterbox({ width: 640, height: 359 }, INPUT, 'centre').padY).toBe(140);
});

test('takes a box back to the picture (§4)', () => {
  const original = { width: 1920, height: 1080 };
  const plan = planLetterbox(original, INPUT, 'centre');
  const box = fromLetterbox({ x1: 300, y1: 240, x2: 340, y2: 340 }, plan, original);
  expect(toStoredBox(box, original)).toEqual({ x: 900, y: 300, width: 120, height: 300 });
});

test('a box that reaches into the border is clamped to the picture (§4)', () => {
  const original = { width: 1920, height: 1080 };
  const plan = planLetterbox(original, INPUT, 'centre');
  expect(fromLetterbox({ x1: -5, y1: 0, x2: 700, y2: 640 }, plan, original)).toEqual({ x1: 0, y1: 0, x2: 1920, y2: 1080 });
});
