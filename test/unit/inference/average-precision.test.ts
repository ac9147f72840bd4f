import { describe, expect, test } from 'vitest';
import { averagePrecision } from '../../../bench/accuracy/average-precision.ts';
import type { Found } from '../../../bench/accuracy/average-precision.ts';
import type { CocoImage, Corners, Truth } from '../../../bench/accuracy/coco.ts';

const truth = (label: string, box: Corners, isCrowd = false): Truth => ({ label, box, isCrowd });
const image = (...truths: Truth[]): CocoImage => ({ id: 1, path: '', truths });
const found = (label: string, score: number, box: Corners): Found => ({ label, score, box });

const SQUARE: Corners = [0, 0, 10, 10];

describe('average precision as COCO counts it', () => {
  test.each<[string, CocoImage[], Found[][], number, number]>([
    ['nothing true, nothing found', [image()], [[]], 0, 0],
    ['nothing found', [image(truth('a', SQUARE))], [[]], 0, 0],
    ['found exactly', [image(truth('a', SQUARE))], [[found('a', 0.9, SQUARE)]], 100, 100],
    ['the wrong class', [image(truth('a', SQUARE))], [[found('b', 0.9, SQUARE)]], 0, 0],
    ['overlap .8: seven of ten thresholds', [image(truth('a', SQUARE))], [[found('a', 0.9, [0, 0, 10, 8])]], 70, 100],
    [
      'a false box after the true one costs nothing',
      [image(truth('a', SQUARE))],
      [[found('a', 0.9, SQUARE), found('a', 0.5, [20, 20, 30, 30])]],
      100,
      100,
    ],
    [
      'a false box before the true one halves it',
      [image(truth('a', SQUARE))],
      [[found('a', 0.5, SQUARE), found('a', 0.9, [20, 20, 30, 30])]],
      50,
      50,
    ],
    [
      'found twice counts once',
      [image(truth('a', SQUARE), truth('a', [20, 20, 30, 30]))],
      [[found('a', 0.9, SQUARE), found('a', 0.8, SQUARE)]],
      51 / 1.01,
      51 / 1.01,
    ],
    ['half of the classes', [image(truth('a', SQUARE), truth('b', SQUARE))], [[found('a', 0.9, SQUARE)]], 50, 50],
    [
      'inside a crowd is left out',
      [image(truth('a', SQUARE), truth('a', [50, 50, 90, 90], true))],
      [[found('a', 0.9, [60, 60, 70, 70]), found('a', 0.8, SQUARE)]],
      100,
      100,
    ],
  ])('%s', (_, images, boxes, ap, ap50) => {
    const precision = averagePrecision(images, boxes);
    expect(precision.ap).toBeCloseTo(ap, 6);
    expect(precision.ap50).toBeCloseTo(ap50, 6);
  });
});
