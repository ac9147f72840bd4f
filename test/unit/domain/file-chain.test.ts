import { expect, test } from 'vitest';
import { continuesPredecessor } from '../../../src/domain/file-chain.ts';

const PICTURE = { width: 1920, height: 1080 };

test.each([
  ['just under 10 s after a video', 69_999, false, true],
  ['10 s after a video', 70_000, false, false],
  ['overlapping', 30_000, false, true],
  ['120 s after a still', 180_000, true, true],
  ['more than 120 s after a still', 180_001, true, false],
])('a file %s continues its predecessor: %4$s (§3.3)', (_, startMs, isStill, expected) => {
  const predecessor = { startMs: 0, endMs: 60_000, picture: PICTURE, isStill };
  expect(continuesPredecessor(predecessor, { startMs, endMs: startMs + 60_000, picture: PICTURE, isStill })).toBe(expected);
});

test('a still after a video has the shorter pause', () => {
  const video = { startMs: 0, endMs: 60_000, picture: PICTURE, isStill: false };
  expect(continuesPredecessor(video, { startMs: 75_000, endMs: 75_000, picture: PICTURE, isStill: true })).toBe(false);
});

test('another picture size is a cold start (§3.3)', () => {
  const link = { startMs: 0, endMs: 60_000, picture: PICTURE, isStill: false };
  expect(continuesPredecessor(link, { ...link, startMs: 60_000, picture: { width: 1920, height: 1088 } })).toBe(false);
});
