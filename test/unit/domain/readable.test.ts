import { expect, test } from 'vitest';
import { expectedFrames, judgeReadability } from '../../../src/domain/readable.ts';

test.each([
  [300, 145, 0, 'partial', 0.4833, 'truncated'],
  [300, 146, 0, 'partial', 0.4867, 'truncated'],
  [300, 299, 0, 'done', 0.9967, undefined],
  [75, 73, 0, 'done', 0.9733, undefined],
  [75, 72, 0, 'partial', 0.96, 'truncated'],
  [300, 298, 160, 'partial', 0.9933, 'corrupt_frames'],
  [300, 300, 3, 'partial', 1, 'corrupt_frames'],
  [300, 300, 2, 'done', 1, undefined],
  [300, 0, 0, 'failed', 0, 'no_frames'],
  [300, 310, 0, 'done', 1, undefined],
])('of %i frames %i decoded with %i error lines: %s %d (§2.4)', (expected, decodedFrames, errorLines, status, fraction, code) => {
  expect(judgeReadability({ expectedFrames: expected, decodedFrames, errorLines })).toEqual({
    status,
    fraction,
    ...(code ? { code } : {}),
  });
});

test.each([
  ['the worse of frames and span counts', { expectedFrames: 300, decodedFrames: 300, claimedMs: 20_000, spanMs: 5_000 }, 'done', 0.25],
  [
    'the span decides when frames are many too few',
    { expectedFrames: 300, decodedFrames: 200, claimedMs: 20_000, spanMs: 5_000 },
    'partial',
    0.25,
  ],
  ['only the span is known', { decodedFrames: 10, claimedMs: 10_000, spanMs: 9_800 }, 'done', 0.98],
  ['only the span is known and short', { decodedFrames: 10, claimedMs: 10_000, spanMs: 9_790 }, 'partial', 0.979],
  ['nothing is known', { decodedFrames: 10 }, 'done', null],
  ['the container claims nothing', { decodedFrames: 10, expectedFrames: 0, claimedMs: 0, spanMs: 400 }, 'done', null],
  [
    'key frames only: few frames, full span',
    { expectedFrames: 300, decodedFrames: 6, claimedMs: 10_000, spanMs: 9_900, keyframesOnly: true },
    'done',
    0.99,
  ],
  [
    'key frames only: half the span',
    { expectedFrames: 7, decodedFrames: 6, claimedMs: 10_000, spanMs: 5_000, keyframesOnly: true },
    'partial',
    0.5,
  ],
] as const)('judges by what is known (§2.4): %s', (_, measure, status, fraction) => {
  expect(judgeReadability({ errorLines: 0, ...measure })).toMatchObject({ status, fraction });
});

test('nothing decoded and nothing known is a failure without a fraction (§2.4)', () => {
  expect(judgeReadability({ decodedFrames: 0, errorLines: 12 })).toEqual({ status: 'failed', fraction: null, code: 'no_frames' });
});

test.each([
  [{ frameCount: 300, claimedMs: 1, frameRate: 1 }, 300],
  [{ claimedMs: 10_010, frameRate: 29.97 }, 300],
  [{ frameCount: 0, claimedMs: 10_000, frameRate: 15 }, 150],
  [{ claimedMs: 10_000 }, undefined],
  [{ claimedMs: 10_000, frameRate: 0 }, undefined],
  [{}, undefined],
])('expected frames of %j (§2.4)', (claim, expected) => {
  expect(expectedFrames(claim)).toBe(expected);
});
