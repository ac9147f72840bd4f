import { expect, test } from 'vitest';
import { createSampleSelector, parseSampleMode, sampleBucket, sampleOffsetsMs } from '../../../src/domain/sampling.ts';
import type { SamplePlan } from '../../../src/domain/sampling.ts';

const TWO_FPS: SamplePlan = { mode: 'fps', fps: 2 };

test.each([
  ['', undefined],
  ['always', undefined],
  ['motion', { mode: 'motion', fps: 2 }],
  [' Motion ', { mode: 'motion', fps: 2 }],
  ['fps=2', { mode: 'fps', fps: 2 }],
  ['fps=0.5', { mode: 'fps', fps: 0.5 }],
  ['fps=60', { mode: 'fps', fps: 60 }],
  ['fps=60.1', undefined],
  ['fps=0', undefined],
  ['fps=-1', undefined],
  ['fps=2s', undefined],
  ['fps=1e9', undefined],
  ['every=10s', { mode: 'every', seconds: 10 }],
  ['every=0.5', { mode: 'every', seconds: 0.5 }],
  ['every=0s', undefined],
  ['every=', undefined],
  ['keyframes', { mode: 'keyframes' }],
])('reads the sample mode %j (§3.1)', (text, plan) => {
  expect(parseSampleMode(text)).toEqual(plan);
});

test('motion takes its rate from the settings and refuses one out of range (§3.1)', () => {
  expect(parseSampleMode('motion', 5)).toEqual({ mode: 'motion', fps: 5 });
  expect(parseSampleMode('motion', 0)).toBeUndefined();
  expect(parseSampleMode('motion', Number.NaN)).toBeUndefined();
});

test.each([
  ['10 s at 2 fps', TWO_FPS, 10_000, 19, 500, 9500],
  ['60 s at 2 fps', { mode: 'motion', fps: 2 }, 60_000, 119, 500, 59_500],
  ['0.6 s', TWO_FPS, 600, 1, 500, 500],
  ['0.5 s counts as short', TWO_FPS, 500, 1, 50, 50],
  ['0.3 s', TWO_FPS, 300, 1, 30, 30],
  ['nothing at all', TWO_FPS, 0, 1, 0, 0],
  ['a still', { mode: 'still' }, 0, 1, 0, 0],
  ['3 fps is rounded to whole ms', { mode: 'fps', fps: 3 }, 1_600, 4, 500, 1500],
] as [string, SamplePlan, number, number, number, number][])('plans offsets (§3.1): %s', (_, plan, durationMs, count, first, last) => {
  const offsets = sampleOffsetsMs(plan, durationMs);
  expect(offsets).toHaveLength(count);
  expect([offsets?.[0], offsets?.at(-1)]).toEqual([first, last]);
});

test('10 s, every 2 s (§3.1)', () => {
  expect(sampleOffsetsMs({ mode: 'every', seconds: 2 }, 10_000)).toEqual([500, 2500, 4500, 6500, 8500]);
});

test('key frames have no planned offsets', () => {
  expect(sampleOffsetsMs({ mode: 'keyframes' }, 10_000)).toBeUndefined();
});

test.each([0.3, 1, 2, 3, 7, 29.97, 60])('at %d fps each planned offset begins its own slot', (fps) => {
  const plan: SamplePlan = { mode: 'fps', fps };
  const offsets = sampleOffsetsMs(plan, 20_000) ?? [];
  expect(offsets.map((offset) => sampleBucket(plan, offset, 20_000))).toEqual(offsets.map((_, slot) => slot));
  expect(offsets.map((offset) => sampleBucket(plan, offset - 1, 20_000))).toEqual(offsets.map((_, slot) => slot - 1));
});

test('a frame after the last planned offset belongs to the last slot when the duration is known', () => {
  expect(sampleBucket(TWO_FPS, 10_400, 10_000)).toBe(18);
  expect(sampleBucket(TWO_FPS, 10_400)).toBe(19);
});

function select(plan: SamplePlan, frames: number[], durationMs?: number): number[] {
  const isSample = createSampleSelector(plan, durationMs);
  return frames.filter((frame) => isSample(frame));
}

test('the frame for an offset is the first one at or after it (§3.1)', () => {
  const at15Fps = Array.from({ length: 30 }, (_, i) => Math.round((i * 1000) / 15));
  expect(select(TWO_FPS, at15Fps, 2_000)).toEqual([533, 1000, 1533]);
});

test('one frame serves one offset only (§3.1)', () => {
  expect(select(TWO_FPS, [0, 1600, 1700, 4000], 5_000)).toEqual([1600, 4000]);
});

test('a file of at most 0.5 s gives the first frame at or after 10 % of it (§3.1)', () => {
  expect(select(TWO_FPS, [0, 33, 66, 100, 233], 300)).toEqual([33]);
});

test('a stream of unknown duration is sampled to its end (§3.1)', () => {
  expect(select({ mode: 'every', seconds: 2 }, [0, 400, 900, 2600, 4400, 4600])).toEqual([900, 2600, 4600]);
});

test('key frames closer than 0.2 s to the one before are left out (§3.1)', () => {
  expect(select({ mode: 'keyframes' }, [0, 100, 199, 200, 390, 410])).toEqual([0, 200, 410]);
});
