import { expect, test } from 'vitest';

import { judgeScene, sceneChangeType } from '../../../../src/domain/scene/judge-scene.ts';
import { fitsReference, sceneMode, sceneSize, toScenePicture } from '../../../../src/domain/scene/scene-luma.ts';
import {
  isForeignView,
  laplacianVariance,
  markPassing,
  meanAndDeviation,
  meanDifference,
  measureScene,
} from '../../../../src/domain/scene/scene-measure.ts';
import type { SceneMeasure } from '../../../../src/domain/scene/scene-measure.ts';
import { adaptReference } from '../../../../src/domain/scene/scene-reference.ts';
import { commonStructure } from '../../../../src/domain/scene/scene-structure.ts';
import { seededRandom } from '../make-detections.ts';
import { grey, mapped, rgb } from './make-scene.ts';
import type { ScenePicture } from '../../../../src/domain/scene/scene-luma.ts';

const SIZE = { width: 64, height: 48 };

test.each([
  [1920, 1080, 640, 360],
  [640, 480, 640, 480],
  [704, 576, 640, 524],
  [320, 240, 320, 240],
  [33, 33, 33, 32],
  [5000, 1, 640, 1],
])('the scene picture of %i×%i is %i×%i (§10.3)', (width, height, sceneWidth, sceneHeight) => {
  expect(sceneSize({ width, height })).toEqual({ width: sceneWidth, height: sceneHeight });
});

test('luma is weighed as for motion, averaged, and rounded (§3.2, §10.3)', () => {
  const picture = rgb({ width: 1280, height: 720 }, (x, y) => [x % 2 === 0 ? 200 : 0, y % 2 === 0 ? 100 : 0, 40]);
  const luma = toScenePicture(picture);
  expect([luma.width, luma.height]).toEqual([640, 360]);
  expect(new Set(luma.data)).toEqual(new Set([Math.round(0.299 * 100 + 0.587 * 50 + 0.114 * 40)]));
  const same = toScenePicture(rgb(SIZE, (x, y) => [x + y, x + y, x + y]));
  expect(same).toEqual(grey(SIZE, (x, y) => x + y));
});

test('later pictures are averaged to the size of the reference (§10.3)', () => {
  const luma = toScenePicture(
    rgb({ width: 1000, height: 700 }, (x) => [x / 4, x / 4, x / 4]),
    { width: 100, height: 70 },
  );
  expect([luma.width, luma.height, luma.data[0], luma.data[99]]).toEqual([100, 70, 1, 249 - 1]);
});

test.each([
  [1920, 1080, 640, 360, true],
  [640, 360, 640, 360, true],
  [1920, 1088, 640, 360, true],
  [640, 480, 640, 360, false],
  [320, 180, 640, 360, false],
  [1080, 1920, 640, 360, false],
])('a picture of %i×%i can be compared with a reference of %i×%i: %s (§10.3)', (width, height, refWidth, refHeight, fits) => {
  expect(fitsReference({ width, height }, { width: refWidth, height: refHeight })).toBe(fits);
});

test.each([
  ['grey', [90, 90, 90], 'ir'],
  ['nearly grey', [90, 97, 93], 'ir'],
  ['tinted by 8', [90, 98, 93], 'day'],
  ['red', [200, 0, 0], 'day'],
  ['black', [0, 0, 0], 'ir'],
] as const)('a %s picture is of mode (§10.3)', (_, [red, green, blue], mode) => {
  expect(sceneMode(rgb(SIZE, () => [red, green, blue]))).toBe(mode);
});

test('people, vehicles and animals are left out, other things not (§10.3)', () => {
  const boxes = (label: string) => [{ label, box: { x: 20, y: 10, width: 25, height: 15 } }];
  const sizes = { from: { width: 100, height: 50 }, to: { width: 10, height: 5 } };
  expect(markPassing([], sizes)).toBeUndefined();
  expect(markPassing(boxes('umbrella'), sizes)).toBeUndefined();
  expect(markPassing(boxes('motion'), sizes)).toBeUndefined();
  for (const label of ['person', 'truck', 'dog']) {
    const marked = markPassing(boxes(label), sizes)!;
    const pixels = [...marked.entries()].filter(([, value]) => value !== 0).map(([at]) => at);
    expect(pixels).toEqual([12, 13, 14, 22, 23, 24]);
  }
  const wide = markPassing([{ label: 'car', box: { x: 90, y: 40, width: 50, height: 50 } }], sizes)!;
  expect([...wide].reduce((sum, value) => sum + value, 0)).toBe(1);
});

test('a check in which more than 60 % is left out is none (§10.3)', () => {
  const picture = grey(SIZE, (x, y) => (x * 7 + y * 13) % 256);
  // 58 × 42 windows; those that reach into the first n columns begin left of n.
  const columns = (count: number) => Uint8Array.from(picture.data, (_, i) => (i % 64 < count ? 1 : 0));
  expect(measureScene(picture, picture, columns(34))?.similarity).toBe(1);
  expect(measureScene(picture, picture, columns(35))).toBeNull();
  expect(measureScene(picture, null, columns(35))).toBeNull();
  expect(measureScene(picture, null, columns(34))).toMatchObject({ similarity: null, referenceSharpness: null });
});

test('similarity is clamped, deviation and sharpness are those of the picture (§10.3)', () => {
  const chequers = grey(SIZE, (x, y) => ((x + y) % 2) * 100);
  const inverted = mapped(chequers, (value) => 100 - value);
  const measure = measureScene(inverted, chequers)!;
  expect(measure).toMatchObject({ similarity: 0, mean: 50, deviation: 50 });
  expect(measure.sharpness).toBeCloseTo(400 ** 2, 6);
  expect(measure.referenceSharpness).toBe(measure.sharpness);
  expect(meanAndDeviation(grey(SIZE, () => 7))).toEqual({ mean: 7, deviation: 0 });
  expect(laplacianVariance(grey(SIZE, (x, y) => 2 * x + y))).toBe(0);
  expect(meanDifference(chequers, inverted)).toBe(100);
  expect(() =>
    meanDifference(
      chequers,
      grey({ width: 2, height: 2 }, () => 0),
    ),
  ).toThrow('different sizes');
});

test.each([
  [-1, 'view_blocked'],
  [0, 'view_blocked'],
  [0.2999, 'view_blocked'],
  [0.3, 'view_tampered'],
  [0.4999, 'view_tampered'],
  [0.5, 'angle_changed'],
  [0.6999, 'angle_changed'],
  [0.7, 'unknown'],
  [0.8999, 'unknown'],
  [0.9, null],
  [1, null],
])('similarity %d is %s (§10.3)', (similarity, type) => {
  expect(sceneChangeType(similarity)).toBe(type);
});

const NORMAL: SceneMeasure = { similarity: 0.95, mean: 100, deviation: 40, sharpness: 300, referenceSharpness: 300 };

test.each<[string, Partial<SceneMeasure>, boolean, string | null, string | null]>([
  ['like the reference', {}, false, null, null],
  ['the first of its mode', { similarity: null, referenceSharpness: null }, false, null, null],
  ['less alike', { similarity: 0.6 }, false, 'angle_changed', null],
  ['unlike, and not sharp: covered', { similarity: 0.1, sharpness: 179 }, false, 'view_blocked', null],
  ['unlike, and as sharp: another view', { similarity: 0.1, sharpness: 180 }, false, 'angle_changed', null],
  ['a little unlike, and as sharp', { similarity: 0.8 }, false, 'unknown', null],
  ['black', { similarity: 0.95, mean: 11.9, deviation: 5.9, sharpness: 10 }, false, 'view_blocked', 'black'],
  ['black and unlike', { similarity: 0.1, mean: 11.9, deviation: 5.9 }, false, 'view_blocked', 'black'],
  [
    'dim, but the same in that light',
    { similarity: 0.95, mean: 11.9, deviation: 5.9, sharpness: 5, referenceSharpness: 6 },
    false,
    null,
    null,
  ],
  ['dark, not black', { mean: 11.9, deviation: 6 }, false, null, null],
  ['all of one grey', { mean: 12, deviation: 5.9, sharpness: 10 }, false, 'view_blocked', 'uniform'],
  [
    'black and the first of its mode',
    { similarity: null, mean: 0, deviation: 0, sharpness: 0, referenceSharpness: null },
    false,
    'view_blocked',
    'black',
  ],
  ['blurred', { sharpness: 74.9 }, false, 'view_tampered', 'defocus'],
  ['a quarter as sharp', { sharpness: 75 }, false, null, null],
  ['blurred and moved', { similarity: 0.6, sharpness: 10 }, false, 'view_tampered', 'defocus'],
  ['blurred and covered', { similarity: 0.1, sharpness: 10 }, false, 'view_blocked', 'defocus'],
  ['smooth like its reference', { sharpness: 0, referenceSharpness: 0 }, false, null, null],
  ['frozen', {}, true, 'unknown', 'frozen'],
  ['frozen and moved', { similarity: 0.6 }, true, 'angle_changed', 'frozen'],
])('a picture that is %s (§10.3)', (_, part, isFrozen, type, reason) => {
  expect(judgeScene({ ...NORMAL, ...part }, isFrozen)).toMatchObject({ type, reason });
});

test('a black picture without a reference is like nothing (§10.3)', () => {
  const black = { similarity: null, mean: 0, deviation: 0, sharpness: 0, referenceSharpness: null };
  expect(judgeScene(black, false).similarity).toBe(0);
  expect(judgeScene({ ...black, mean: 100, deviation: 30 }, false).similarity).toBe(1);
});

test('the reference follows R + 0.02·(G − R), also where one step is less than a grey level (§10.3)', () => {
  const random = seededRandom(8);
  const start = grey({ width: 192, height: 144 }, () => 40 + random() * 100);
  for (const change of [10, -10, 60, 3]) {
    const picture = mapped(start, (value) => value + change);
    let reference = start;
    for (let n = 0; n < 100; n += 1) reference = adaptReference(reference, picture, n);
    const left = picture.data.reduce((sum, value, i) => sum + value - reference.data[i]!, 0) / picture.data.length;
    expect(left).toBeCloseTo(change * 0.98 ** 100, 0);
    expect(Math.abs(left)).toBeLessThan(Math.abs(change) / 3);
  }
});

test('a reference that follows the light of a smooth view stays smooth', () => {
  const smooth = grey(SIZE, (x, y) => 60 + x / 2 + y / 3);
  const brighter = mapped(smooth, (value) => value + 40);
  let reference = smooth;
  for (let n = 0; n < 40; n += 1) reference = adaptReference(reference, brighter, n);
  expect(laplacianVariance(reference)).toBeLessThan(laplacianVariance(smooth) + 10);
});

test('a reference equal to the picture stays, black and white too, and the old one is left alone (§10.3)', () => {
  const picture = grey(SIZE, (x, y) => (x * y) % 256);
  for (let n = 0; n < 50; n += 1) expect(adaptReference(picture, picture, n)).toEqual(picture);
  const white = grey(SIZE, () => 255);
  expect(adaptReference(white, white, 3)).toEqual(white);
  const reference = grey(SIZE, () => 0);
  adaptReference(reference, white, 0);
  expect(reference).toEqual(grey(SIZE, () => 0));
  expect(() =>
    adaptReference(
      reference,
      grey({ width: 2, height: 2 }, () => 0),
      0,
    ),
  ).toThrow('not as large');
});

/** Walls and bricks under the noise of a sensor. */
function wall(seed: number, light: (value: number) => number = (value) => value): ScenePicture {
  const noise = seededRandom(seed);
  return grey(SIZE, (x, y) => Math.max(0, Math.min(255, light(60 + 40 * ((x >> 3) % 2) + 60 * ((y >> 2) % 3)) + 4 * (noise() - 0.5))));
}

/** Fine cloth before the lens. */
const CLOTH = grey(SIZE, (x, y) => 90 + 30 * Math.sin(x * 0.9) * Math.cos(y * 1.3));

test.each<[string, (value: number) => number]>([
  ['× 0.3', (value) => value * 0.3],
  ['× 0.08', (value) => value * 0.08],
  ['× 0.6', (value) => value * 0.6],
  ['× 1.2', (value) => value * 1.2],
  ['+ 40', (value) => value + 40],
  ['half as contrasty', (value) => 60 + value / 2],
])('a view in another light, %s, is the same view, and not out of focus either', (_, light) => {
  const measure = measureScene(wall(2, light), wall(1))!;
  expect(measure.similarity).toBeGreaterThan(0.9);
  expect(judgeScene(measure, false)).toMatchObject({ type: null, reason: null });
});

test('a cover, a turned view and a part of the view covered are no other light', () => {
  const view = wall(1);
  const turned = grey(SIZE, (x, y) => view.data[((y + 6) % SIZE.height) * SIZE.width + ((x + 8) % SIZE.width)]!);
  const half = mapped(view, (value, i) => (i % SIZE.width < 32 ? 120 : value));
  for (const [picture, below] of [
    [CLOTH, 0.3],
    [turned, 0.5],
    [half, 0.7],
  ] as const) {
    expect(measureScene(picture, view)!.similarity).toBeLessThan(below);
  }
});

test('structure is asked for where there is some: not of even, burnt-out or left-out pictures', () => {
  const even = grey(SIZE, () => 80);
  expect(commonStructure(even, even)).toBeUndefined();
  expect(commonStructure(wall(1), wall(2), new Uint8Array(SIZE.width * SIZE.height).fill(1))).toBeUndefined();
  expect(
    commonStructure(
      grey(SIZE, () => 255),
      wall(1),
    ),
  ).toBeUndefined();
  expect(
    commonStructure({ width: 3, height: 3, data: new Uint8Array(9) }, { width: 3, height: 3, data: new Uint8Array(9) }),
  ).toBeUndefined();
  expect(commonStructure(wall(1), wall(1))).toEqual({
    correlation: expect.closeTo(1, 9) as number,
    similarity: expect.closeTo(1, 9) as number,
  });
  expect(
    commonStructure(
      wall(1),
      mapped(wall(1), (value) => 255 - value),
    ),
  ).toMatchObject({ correlation: expect.closeTo(-1, 9) as number });
});

test('a bright picture that shows nothing of the view is foreign to it, a dark one and one of the view are not', () => {
  const view = wall(1);
  expect(isForeignView(CLOTH, view)).toBe(true);
  expect(
    isForeignView(
      mapped(CLOTH, (value) => value / 3),
      view,
    ),
  ).toBe(false);
  expect(
    isForeignView(
      wall(2, (value) => value * 0.8),
      view,
    ),
  ).toBe(false);
  expect(
    isForeignView(
      grey(SIZE, () => 100),
      grey(SIZE, () => 100),
    ),
  ).toBe(false);
});
