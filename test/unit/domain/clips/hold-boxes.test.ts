import { expect, test } from 'vitest';

import { holdBoxes, splitByStates, type BoxFrame } from '../../../../src/domain/clips/hold-boxes.ts';

const frames = (...offsets: number[]): BoxFrame<string>[] => offsets.map((offsetMs) => ({ offsetMs, boxes: [`at ${String(offsetMs)}`] }));
const whole = { analysedOffsetsMs: [] as number[], fromMs: 0, durationMs: 10_000 };
/** `500+` has boxes, `1000-` none. */
const shown = (offsets: number[], more: Partial<typeof whole> = {}): string =>
  holdBoxes(frames(...offsets), { ...whole, ...more })
    .map(({ atMs, boxes }) => `${String(atMs)}${boxes.length > 0 ? '+' : '-'}`)
    .join(' ');

test.each([
  ['nothing was seen', [], {}, ''],
  ['one frame was looked at', [500], {}, '500+ 1000-'],
  ['the next frames were looked at and showed nothing', [500], { analysedOffsetsMs: [500, 700, 900] }, '500+ 700-'],
  ['something is seen in each frame', [500, 1000, 1500], {}, '500+ 1000+ 1500+ 2000-'],
  ['nobody looked for a while', [500, 1000, 9000], {}, '500+ 1000+ 1500- 9000+ 9500-'],
  ['somebody looked every ten seconds', [0, 8000], { analysedOffsetsMs: [0, 8000] }, '0+ 1000- 8000+ 9000-'],
  ['frames come in another order', [1000, 500], {}, '500+ 1000+ 1500-'],
  ['the part begins and ends within a hold', [500, 1000, 1500], { fromMs: 700, durationMs: 900 }, '0+ 300+ 800+'],
  ['all was seen before the part or after it', [500, 5000], { fromMs: 2000, durationMs: 3000 }, ''],
])('where %s boxes are held for the distance of two looks', (_, offsets, more, expected) => {
  expect(shown(offsets, more)).toBe(expected);
});

test('a part is cut where a state begins, and what is left of it is as long as it was', () => {
  expect(splitByStates([], 3000, 2)).toEqual([{ startMs: 0, durationMs: 3000, states: [] }]);
  const states = holdBoxes(frames(500, 1000, 1500), whole);
  const pieces = splitByStates(states, 3000, 3);
  expect(pieces.map(({ startMs, durationMs }) => [startMs, durationMs])).toEqual([
    [0, 2000],
    [2000, 1000],
  ]);
  expect(pieces.map((piece) => piece.states.map(({ atMs }) => atMs))).toEqual([[500, 1000, 1500], [0]]);
});
