import { expect, test } from 'vitest';
import { motionSize, planMotionLuma, toMotionLuma } from '../../../src/domain/luma.ts';
import type { RgbPicture } from '../../../src/domain/picture.ts';
import { seededRandom } from './make-detections.ts';

function picture(width: number, height: number, colour: (x: number, y: number) => [number, number, number]): RgbPicture {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) data.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, data };
}

/** The definition, slowly: every output pixel is the mean over its exact rectangle of the input. */
function averageSlowly(source: RgbPicture, width: number, height: number): number[] {
  const overlap = (from: number, to: number, cell: number) => Math.max(0, Math.min(to, cell + 1) - Math.max(from, cell));
  return Array.from({ length: width * height }, (_, at) => {
    const [x0, y0] = [((at % width) * source.width) / width, (Math.floor(at / width) * source.height) / height];
    const [x1, y1] = [x0 + source.width / width, y0 + source.height / height];
    let sum = 0;
    for (let y = 0; y < source.height; y += 1) {
      for (let x = 0; x < source.width; x += 1) {
        const [r, g, b] = source.data.subarray((y * source.width + x) * 3);
        sum += (0.299 * r! + 0.587 * g! + 0.114 * b!) * overlap(x0, x1, x) * overlap(y0, y1, y);
      }
    }
    return sum / ((x1 - x0) * (y1 - y0));
  });
}

test.each([
  [1920, 1080, 320, 180],
  [640, 360, 320, 180],
  [1080, 1920, 320, 568],
  [2560, 1920, 320, 240],
  [704, 576, 320, 262],
  [200, 101, 200, 100],
  [16, 16, 16, 16],
  [5000, 1, 320, 1],
])('the motion picture of %i×%i is %i×%i: 320 wide, even, never larger (§3.2)', (width, height, expectedWidth, expectedHeight) => {
  expect(motionSize({ width, height })).toEqual({ width: expectedWidth, height: expectedHeight });
});

test.each([
  ['white', [255, 255, 255], 255],
  ['red', [255, 0, 0], 76.245],
  ['green', [0, 255, 0], 149.685],
  ['blue', [0, 0, 255], 29.07],
  ['black', [0, 0, 0], 0],
] as [string, [number, number, number], number][])('luma of %s (§3.2)', (_, colour, expected) => {
  const luma = toMotionLuma(picture(640, 360, () => colour));
  expect([luma.width, luma.height]).toEqual([320, 180]);
  expect(luma.data.every((value) => Math.abs(value - expected) < 0.001)).toBe(true);
});

test.each([
  [640, 8],
  [500, 7],
  [321, 5],
  [100, 31],
])('averages the area of %i×%i as defined, whatever the ratio (§3.2)', (width, height) => {
  const random = seededRandom(width);
  const source = picture(width, height, () => [random() * 256, random() * 256, random() * 256]);
  const luma = toMotionLuma(source);
  const slow = averageSlowly(source, luma.width, luma.height);
  expect(luma.data).toHaveLength(slow.length);
  expect(Math.max(...slow.map((value, at) => Math.abs(value - luma.data[at]!)))).toBeLessThan(0.001);
});

test('a plan is reused for pictures of its size and ignored for others', () => {
  const plan = planMotionLuma({ width: 640, height: 360 });
  const first = toMotionLuma(
    picture(640, 360, () => [10, 10, 10]),
    plan,
  );
  const second = toMotionLuma(
    picture(640, 360, () => [90, 90, 90]),
    plan,
  );
  expect([first.data[0], second.data[0]].map((value) => Math.round(value!))).toEqual([10, 90]);
  const other = toMotionLuma(
    picture(320, 240, () => [50, 50, 50]),
    plan,
  );
  expect([other.width, other.height, Math.round(other.data.at(-1)!)]).toEqual([320, 240, 50]);
});
