import { expect, test } from 'vitest';
import { bottomCentre, centre, diagonal, distance, rescaleBox, toStoredBox, xywhToXyxy } from '../../../src/domain/box.ts';
import { iou, iouXywh } from '../../../src/domain/iou.ts';

const PICTURE = { width: 1920, height: 1080 };

test.each([
  ['an ordinary box is rounded', { x1: 900.4, y1: 299.6, x2: 1020.4, y2: 700.5 }, { x: 900, y: 300, width: 120, height: 401 }],
  ['a box past the borders is clamped', { x1: -50, y1: -3, x2: 3000, y2: 2000 }, { x: 0, y: 0, width: 1920, height: 1080 }],
  ['a box thinner than a pixel gets one', { x1: 10.1, y1: 10.1, x2: 10.2, y2: 10.2 }, { x: 10, y: 10, width: 1, height: 1 }],
  ['a box on the far border stays inside', { x1: 1919.9, y1: 1079.9, x2: 1920, y2: 1080 }, { x: 1919, y: 1079, width: 1, height: 1 }],
  ['a box wholly outside lies on the border', { x1: 5000, y1: -90, x2: 6000, y2: -80 }, { x: 1919, y: 0, width: 1, height: 1 }],
  ['swapped corners give the smallest box', { x1: 50, y1: 60, x2: 40, y2: 30 }, { x: 50, y: 60, width: 1, height: 1 }],
])('stores boxes in whole pixels inside the picture (§4): %s', (_, raw, stored) => {
  expect(toStoredBox(raw, PICTURE)).toEqual(stored);
});

test.each([
  ['shifted by 5 in x', 5, 0, 0.3333],
  ['shifted by 2, 2', 2, 2, 0.4706],
  ['touching', 10, 0, 0],
  ['apart', 30, 30, 0],
  ['the same', 0, 0, 1],
])('measures the overlap of two 10×10 boxes (§4): %s', (_, x, y, expected) => {
  const [a, b] = [
    { x: 0, y: 0, width: 10, height: 10 },
    { x, y, width: 10, height: 10 },
  ];
  expect(iouXywh(a, b)).toBeCloseTo(expected, 4);
  expect(iou(xywhToXyxy(b), xywhToXyxy(a))).toBeCloseTo(expected, 4);
});

test('a box without area overlaps nothing', () => {
  expect(iou({ x1: 1, y1: 1, x2: 1, y2: 1 }, { x1: 1, y1: 1, x2: 1, y2: 1 })).toBe(0);
});

test('the diagonal is the root of the squared sides (§0)', () => {
  expect(diagonal({ x: 7, y: 7, width: 3, height: 4 })).toBe(5);
  expect(diagonal({ x: 0, y: 0, width: 60, height: 150 })).toBeCloseTo(161.55, 2);
});

test('centre and foot of a box', () => {
  const box = { x: 900, y: 400, width: 120, height: 300 };
  expect(centre(box)).toEqual({ x: 960, y: 550 });
  expect(bottomCentre(box)).toEqual({ x: 960, y: 700 });
  expect(distance(centre(box), bottomCentre(box))).toBe(150);
});

test('a box of a smaller picture is taken to the size of the larger one', () => {
  const box = { x: 10, y: 20, width: 30, height: 40 };
  expect(rescaleBox(box, { width: 640, height: 360 }, PICTURE)).toEqual({ x: 30, y: 60, width: 90, height: 120 });
  expect(rescaleBox(box, PICTURE, PICTURE)).toBe(box);
});
