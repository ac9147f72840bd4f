import { expect, test } from 'vitest';
import { frameTimeline } from '../../../src/domain/frame-timeline.ts';
import { compareDetections } from '../../../src/domain/stored-detection.ts';
import { makeDetection, seededRandom, shuffle } from './make-detections.ts';

test('the total order: time, file, offset, place in the frame (§0)', () => {
  const ordered = [
    makeDetection(9, 1000, { fileSha256: 'ff', frameOffsetMs: 900 }),
    makeDetection(8, 2000, { fileSha256: 'aa', frameOffsetMs: 500 }),
    makeDetection(7, 2000, { fileSha256: 'bb', frameOffsetMs: 300 }),
    makeDetection(5, 2000, { fileSha256: 'bb', frameOffsetMs: 400 }),
    makeDetection(6, 2000, { fileSha256: 'bb', frameOffsetMs: 400 }),
  ];
  const random = seededRandom(1);
  for (let round = 0; round < 20; round += 1) expect(shuffle(ordered, random).sort(compareDetections)).toEqual(ordered);
});

test('a timeline of nothing is empty (§5)', () => {
  expect([...frameTimeline([], [])]).toEqual([]);
});

test('a timeline holds frames with and without detections in order of time (§5)', () => {
  const [a, b, c] = [makeDetection(1, 500), makeDetection(2, 500), makeDetection(3, 1500)];
  const frames = [
    { atMs: 1500, isStill: false, gapBeforeMs: 7 },
    { atMs: 500, isStill: false },
    { atMs: 2000, isStill: false },
    { atMs: 1000, isStill: false },
  ];
  expect([...frameTimeline([c, b, a], frames)]).toEqual([
    { atMs: 500, isStill: false, detections: [a, b] },
    { atMs: 1000, isStill: false, detections: [] },
    { atMs: 1500, isStill: false, gapBeforeMs: 7, detections: [c] },
    { atMs: 2000, isStill: false, detections: [] },
  ]);
});

test('detections of a frame nobody listed still make a frame', () => {
  const found = makeDetection(1, 500, { isStill: true });
  expect([...frameTimeline([found], [])]).toEqual([{ atMs: 500, isStill: true, detections: [found] }]);
});

test('frames of two files at one instant stay apart, so one object seen by both stays one track', () => {
  const [a, b] = [makeDetection(1, 500, { fileSha256: 'aa' }), makeDetection(2, 500, { fileSha256: 'bb' })];
  const timeline = [
    ...frameTimeline(
      [b, a],
      [500, 500, 500].map((atMs) => ({ atMs, isStill: false })),
    ),
  ];
  expect(timeline.map(({ detections }) => detections)).toEqual([[a], [b], []]);
});
