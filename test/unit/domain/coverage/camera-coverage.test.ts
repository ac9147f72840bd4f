import { expect, test } from 'vitest';

import { cameraCoverage, createCoverageBuilder } from '../../../../src/domain/coverage/camera-coverage.ts';
import type { FootageFile } from '../../../../src/domain/coverage/camera-coverage.ts';
import { joinInterval, uniteIntervals } from '../../../../src/domain/coverage/interval.ts';
import type { Interval } from '../../../../src/domain/coverage/interval.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

function video(startS: number, readableS: number, part: Partial<FootageFile> = {}): FootageFile {
  const readableMs = readableS * 1000;
  return { startMs: startS * 1000, isStill: false, outcome: 'complete', readableMs, claimedMs: readableMs, ...part };
}

function still(startS: number, part: Partial<FootageFile> = {}): FootageFile {
  return { startMs: startS * 1000, isStill: true, outcome: 'complete', readableMs: 0, claimedMs: 0, ...part };
}

function seconds(intervals: readonly Interval[]): [number, number][] {
  return intervals.map(({ startMs, endMs }) => [startMs / 1000, endMs / 1000]);
}

test.each<[string, FootageFile[], [number, number][]]>([
  ['no files', [], []],
  ['a video', [video(5, 60)], [[5, 65]]],
  ['a video of which half could be read', [video(0, 30, { outcome: 'partial', claimedMs: 60_000 })], [[0, 30]]],
  ['a video without length', [video(5, 0)], []],
  ['a failed video', [video(0, 60, { outcome: 'failed' })], []],
  ['videos 10 s apart', [video(0, 60), video(70, 60)], [[0, 130]]],
  [
    'videos 10.001 s apart',
    [video(0, 60), video(70.001, 60)],
    [
      [0, 60],
      [70.001, 130.001],
    ],
  ],
  ['a video within another', [video(0, 600), video(60, 60)], [[0, 600]]],
  ['a lone still', [still(5)], [[5, 6]]],
  ['stills 120 s apart', [still(0), still(120), still(240)], [[0, 240]]],
  [
    'stills 120.001 s apart',
    [still(0), still(120.001)],
    [
      [0, 1],
      [120.001, 121.001],
    ],
  ],
  ['two stills within a second', [still(0), still(0.2)], [[0, 1]]],
  [
    'a failed still between two',
    [still(0), still(100, { outcome: 'failed' }), still(200)],
    [
      [0, 1],
      [200, 201],
    ],
  ],
  ['stills around a video', [still(0), video(50, 10), still(100)], [[0, 100]]],
])('%s cover (§8.1)', (_, files, expected) => {
  expect(seconds(cameraCoverage(files))).toEqual(expected);
  expect(seconds(cameraCoverage(files.toReversed()))).toEqual(expected);
});

test('files are added in order of their start', () => {
  const builder = createCoverageBuilder();
  builder.add(video(10, 5));
  expect(() => {
    builder.add(video(9, 5));
  }).toThrow('in order');
});

/** By the second: which of them are covered, with pauses up to 10 s between two covered ones filled. */
function coverSlowly(files: readonly FootageFile[], untilS: number): boolean[] {
  const covered = Array.from({ length: untilS }, () => false);
  const cover = (fromS: number, toS: number) => covered.fill(true, fromS, toS);
  const stills = files
    .filter(({ isStill }) => isStill)
    .map(({ startMs }) => startMs / 1000)
    .sort((a, b) => a - b);
  for (const [i, atS] of stills.entries()) {
    if (i > 0 && atS - stills[i - 1]! <= 120) cover(stills[i - 1]!, atS);
    else cover(atS, atS + 1);
  }
  for (const file of files) if (!file.isStill) cover(file.startMs / 1000, (file.startMs + file.readableMs) / 1000);
  for (let s = 0, last = -1; s < untilS; s += 1) {
    if (!covered[s]) continue;
    if (last >= 0 && s - last - 1 <= 10) cover(last, s);
    last = s;
  }
  return covered;
}

test('random files cover what covering second by second says, in any order (§8.1)', () => {
  for (let seed = 1; seed <= 60; seed += 1) {
    const random = seededRandom(seed);
    const files = Array.from({ length: 40 }, () =>
      random() < 0.4 ? still(Math.floor(random() * 3000)) : video(Math.floor(random() * 3000), Math.floor(random() * 80)),
    );
    const coverage = cameraCoverage(shuffle(files, random));
    const slow = coverSlowly(files, 3200);
    const fast = slow.map((_, s) => coverage.some(({ startMs, endMs }) => startMs <= s * 1000 && s * 1000 < endMs));
    expect(fast).toEqual(slow);
  }
});

test('a union is idempotent, ascending, free of order, and keeps nothing within 10 s of the next (§8.1)', () => {
  expect(uniteIntervals([])).toEqual([]);
  expect(
    uniteIntervals([
      { startMs: 5, endMs: 5 },
      { startMs: 9, endMs: 3 },
    ]),
  ).toEqual([]);
  for (let seed = 1; seed <= 50; seed += 1) {
    const random = seededRandom(seed);
    const intervals = Array.from({ length: 30 }, () => {
      const startMs = Math.floor(random() * 500_000);
      return { startMs, endMs: startMs + Math.floor(random() * 20_000) };
    });
    const union = uniteIntervals(intervals);
    expect(uniteIntervals(union)).toEqual(union);
    expect(uniteIntervals(shuffle(intervals, random))).toEqual(union);
    expect(uniteIntervals([...uniteIntervals(intervals.slice(0, 15)), ...uniteIntervals(intervals.slice(15))])).toEqual(union);
    for (const [i, interval] of union.entries()) {
      if (i > 0) expect(interval.startMs - union[i - 1]!.endMs).toBeGreaterThan(10_000);
    }
  }
});

test('adding to a union leaves the intervals given alone', () => {
  const first = { startMs: 0, endMs: 10 };
  const union = [first];
  joinInterval(union, { startMs: 5, endMs: 20 });
  expect(union).toEqual([{ startMs: 0, endMs: 20 }]);
  expect(first).toEqual({ startMs: 0, endMs: 10 });
});
