import { expect, test } from 'vitest';

import { cutFile, realEndMs, type FileToCut } from '../../../src/domain/file-parts.ts';
import type { SamplePlan } from '../../../src/domain/sampling.ts';

const MINUTE = 60_000;
const MOTION: SamplePlan = { mode: 'motion', fps: 2 };

function minutesOf(file: Partial<FileToCut>, plan = MOTION, maxFrames?: number): string[] {
  const parts = cutFile({ path: '/f/a.mp4', mediaType: 'video', ...file }, { plan, maxFrames });
  expect(parts.map(({ index, of }) => [index, of])).toEqual(parts.map((_, index) => [index, parts.length]));
  return parts.map(({ fromMs, untilMs }) => `${String(fromMs / MINUTE)}-${String(untilMs / MINUTE)}`);
}

test.each<[string, Partial<FileToCut>]>([
  ['without a length', {}],
  ['with a length that is not known', { durationMs: null }],
  ['of nothing', { durationMs: 0 }],
  ['of a millisecond', { durationMs: 1 }],
  ['of one part', { durationMs: 5 * MINUTE }],
  ['of a little less than one and a half', { durationMs: 7.5 * MINUTE - 1 }],
  ['in a transport stream', { durationMs: 600 * MINUTE, path: '/f/a.ts' }],
  ['in AVI', { durationMs: 600 * MINUTE, path: '/f/a.avi' }],
  ['raw', { durationMs: 600 * MINUTE, path: '/f/a.h264' }],
  ['without a suffix', { durationMs: 600 * MINUTE, path: '/f.mp4/a' }],
  ['that is a picture', { durationMs: 600 * MINUTE, mediaType: 'image' }],
])('a video %s is looked at as a whole', (_, file) => {
  expect(minutesOf(file)).toEqual([]);
});

test('a long video is cut every five minutes, and the last part takes a short rest with it', () => {
  expect(minutesOf({ durationMs: 7.5 * MINUTE })).toEqual(['0-5', '5-7.5']);
  expect(minutesOf({ durationMs: 12.4 * MINUTE })).toEqual(['0-5', '5-12.4']);
  expect(minutesOf({ durationMs: 12.5 * MINUTE, path: '/f/A.MKV' })).toEqual(['0-5', '5-10', '10-12.5']);
  expect(minutesOf({ durationMs: 600 * MINUTE })).toHaveLength(120);
});

test('all of it belongs to exactly one part, also what comes after the length that the container claims', () => {
  for (let durationMs = 7 * MINUTE; durationMs < 40 * MINUTE; durationMs += 7_919) {
    const parts = cutFile({ path: 'a.mov', mediaType: 'video', durationMs }, { plan: MOTION });
    for (const [index, { fromMs, untilMs }] of parts.entries()) {
      expect(fromMs).toBe(parts[index - 1]?.untilMs ?? 0);
      expect(untilMs - fromMs).toBeGreaterThanOrEqual(2.5 * MINUTE);
      expect(untilMs - fromMs).toBeLessThanOrEqual(7.5 * MINUTE);
    }
    const [last] = parts.slice(-1);
    if (last !== undefined) expect([last.untilMs, realEndMs(last)]).toEqual([durationMs, Infinity]);
    for (const part of parts.slice(0, -1)) expect(realEndMs(part)).toBe(part.untilMs);
  }
});

test('where samples are far apart parts are longer, so that warming up takes a tenth at most', () => {
  const file = { durationMs: 600 * MINUTE };
  expect(minutesOf(file, { mode: 'every', seconds: 3 }).slice(0, 2)).toEqual(['0-10', '10-20']);
  expect(minutesOf(file, { mode: 'fps', fps: 0.5 })[0]).toBe('0-6.666666666666667');
  expect(minutesOf(file, { mode: 'every', seconds: 3600 })).toEqual([]);
});

test('where the choice of frames depends on what came before nothing is cut', () => {
  const file = { durationMs: 600 * MINUTE };
  for (const plan of [{ mode: 'keyframes' }, { mode: 'all' }, { mode: 'still' }, { mode: 'at', offsetsMs: [5] }] as const) {
    expect(minutesOf(file, plan)).toEqual([]);
  }
  expect(minutesOf(file, MOTION, 1_000)).toEqual([]);
});
