import { expect, test } from 'vitest';
import type { RawDetection } from '../../../src/domain/detection.ts';
import { nonMaxSuppression } from '../../../src/domain/non-max-suppression.ts';

function raw(label: string, score: number, x1: number): RawDetection {
  return { label, score, box: { x1, y1: 0, x2: x1 + 10, y2: 10 } };
}

test('nothing in, nothing out', () => {
  expect(nonMaxSuppression([])).toEqual([]);
});

test('drops a weaker box of the same class that overlaps by more than 0.45 (§4)', () => {
  // Shifted by 3 of 10: IoU 7/13 = 0.54; by 4: 6/14 = 0.43.
  expect(nonMaxSuppression([raw('car', 0.6, 3), raw('car', 0.9, 0)])).toEqual([raw('car', 0.9, 0)]);
  expect(nonMaxSuppression([raw('car', 0.6, 4), raw('car', 0.9, 0)])).toEqual([raw('car', 0.9, 0), raw('car', 0.6, 4)]);
});

test('an overlap of exactly the limit stays (§4)', () => {
  const pair = [raw('car', 0.9, 0), raw('car', 0.6, 5)];
  expect(nonMaxSuppression(pair, { iou: 1 / 3, maxBoxes: 300 })).toHaveLength(2);
  expect(nonMaxSuppression(pair, { iou: 0.33, maxBoxes: 300 })).toHaveLength(1);
});

test('classes do not suppress each other (§4)', () => {
  expect(nonMaxSuppression([raw('car', 0.9, 0), raw('truck', 0.8, 0)])).toHaveLength(2);
});

test('of two equal scores the earlier one wins (§4)', () => {
  const [first, second] = [raw('car', 0.7, 0), raw('car', 0.7, 1)];
  expect(nonMaxSuppression([first, second])).toEqual([first]);
  expect(nonMaxSuppression([second, first])).toEqual([second]);
});

test('a dropped box drops nothing itself (§4)', () => {
  expect(nonMaxSuppression([raw('car', 0.9, 0), raw('car', 0.8, 3), raw('car', 0.7, 6)]).map((kept) => kept.score)).toEqual([0.9, 0.7]);
});

test('keeps at most the given number, the best ones of all classes (§4)', () => {
  const many = Array.from({ length: 400 }, (_, i) => raw(i % 2 === 0 ? 'car' : 'person', i / 400, i * 20));
  const kept = nonMaxSuppression(many);
  expect(kept).toHaveLength(300);
  expect(kept[0]?.score).toBe(399 / 400);
  expect(kept.at(-1)?.score).toBe(100 / 400);
});
