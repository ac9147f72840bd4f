import { expect, test } from 'vitest';
import { motionDetections, motionScore } from '../../../src/domain/motion-detections.ts';

const LUMA = { width: 320, height: 180 };
const PICTURE = { width: 1920, height: 1080 };

test.each([
  [0, 0, 0.25],
  [0.0005, 30, 0.3451],
  [0.002, 40, 0.4474],
  [0.005, 30, 0.4887],
  [0.005, 50, 0.5605],
  [0.01, 60, 0.6834],
  [0.02, 100, 0.95],
  [1, 255, 0.95],
])('a region of %d of the frame with mean difference %d scores %d (§4.1)', (areaShare, meanDifference, score) => {
  expect(motionScore(areaShare, meanDifference)).toBeCloseTo(score, 4);
});

test('no region, no detection (§4.1)', () => {
  expect(motionDetections([], LUMA, PICTURE)).toEqual([]);
});

test('the box is scaled to the picture (§4.1)', () => {
  const region = { box: { x: 50, y: 60, width: 40, height: 20 }, areaPx: 576, meanDifference: 60 };
  const [detection] = motionDetections([region], LUMA, PICTURE);
  expect(detection).toMatchObject({ label: 'motion', box: { x: 300, y: 360, width: 240, height: 120 } });
  expect(detection?.score).toBeCloseTo(0.6834, 4);
});

test('a region on the far border stays inside an odd picture', () => {
  const region = { box: { x: 319, y: 179, width: 1, height: 1 }, areaPx: 1, meanDifference: 60 };
  expect(motionDetections([region], LUMA, { width: 321, height: 181 })[0]?.box).toEqual({ x: 320, y: 180, width: 1, height: 1 });
});

test('at most 20, the largest first (§4.1)', () => {
  const regions = Array.from({ length: 25 }, (_, i) => ({ box: { x: i, y: 0, width: 1, height: 1 }, areaPx: 30 + i, meanDifference: 50 }));
  const found = motionDetections(regions, LUMA, LUMA);
  expect(found.map(({ box }) => box.x)).toEqual(Array.from({ length: 20 }, (_, i) => 24 - i));
});
