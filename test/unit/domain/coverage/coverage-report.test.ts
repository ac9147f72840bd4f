import { expect, test } from 'vitest';

import { coverageDays, coverageMatrix } from '../../../../src/domain/coverage/coverage-days.ts';
import { coverageHoles, MIN_HOLE_MS } from '../../../../src/domain/coverage/coverage-holes.ts';
import type { FootageFile } from '../../../../src/domain/coverage/camera-coverage.ts';
import { seededRandom } from '../make-detections.ts';

const HOUR_MS = 3_600_000;

function minutes(...intervals: [number, number][]) {
  return intervals.map(([from, to]) => ({ startMs: from * 60_000, endMs: to * 60_000 }));
}

function troubled(outcome: FootageFile['outcome'], fromMinute: number, claimedMinutes: number): FootageFile {
  return { startMs: fromMinute * 60_000, isStill: false, outcome, readableMs: 0, claimedMs: claimedMinutes * 60_000 };
}

test.each<[string, [number, number][], FootageFile[], [number, number, string][]]>([
  ['no footage', [], [troubled('failed', 0, 5)], []],
  ['one recording', [[0, 60]], [], []],
  [
    'two recordings',
    [
      [0, 60],
      [90, 120],
    ],
    [],
    [[60, 90, 'none_recorded']],
  ],
  [
    'a pause of 10 s',
    [
      [0, 60],
      [60 + 1 / 6, 120],
    ],
    [],
    [],
  ],
  [
    'a file in it that failed',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('failed', 70, 5)],
    [[60, 90, 'failed_files']],
  ],
  [
    'a failed file that begins before and reaches in',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('failed', 50, 11)],
    [[60, 90, 'failed_files']],
  ],
  [
    'a failed file of unknown length in it',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('failed', 60, 0)],
    [[60, 90, 'failed_files']],
  ],
  [
    'a failed file that ends where it begins',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('failed', 50, 10)],
    [[60, 90, 'none_recorded']],
  ],
  [
    'a failed file after it',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('failed', 90, 10)],
    [[60, 90, 'none_recorded']],
  ],
  [
    'a file read in part before it',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('partial', 30, 60)],
    [[60, 90, 'partial_file']],
  ],
  [
    'both',
    [
      [0, 60],
      [90, 120],
    ],
    [troubled('partial', 30, 60), troubled('failed', 80, 1)],
    [[60, 90, 'failed_files']],
  ],
  [
    'a long failed file and a short one',
    [
      [0, 5],
      [90, 95],
      [99, 120],
    ],
    [troubled('failed', 0, 200), troubled('failed', 1, 1)],
    [
      [5, 90, 'failed_files'],
      [95, 99, 'failed_files'],
    ],
  ],
])('the holes of a continuous camera with %s (§8.1)', (_, footage, files, expected) => {
  const holes = coverageHoles(minutes(...footage), files, MIN_HOLE_MS.continuous);
  expect(holes.map(({ startMs, endMs, cause }) => [startMs / 60_000, endMs / 60_000, cause])).toEqual(expected);
});

test('a triggered camera is silent for more than 24 h before that is a hole (§8.1)', () => {
  const day = 24 * 60;
  expect(coverageHoles(minutes([0, 1], [day + 1, day + 2]), [], MIN_HOLE_MS.triggered)).toEqual([]);
  expect(coverageHoles(minutes([0, 1], [day + 1.001, day + 2]), [], MIN_HOLE_MS.triggered)).toHaveLength(1);
});

test('causes are found as by looking at every file (§8.1)', () => {
  const random = seededRandom(5);
  const coverage = minutes(...Array.from({ length: 100 }, (_, i) => [i * 10, i * 10 + 1 + random() * 8] as [number, number]));
  const files = Array.from({ length: 60 }, () =>
    troubled(random() < 0.5 ? 'failed' : 'partial', random() * 1000, random() < 0.2 ? 0 : random() * 4),
  );
  for (const hole of coverageHoles(coverage, files, 0)) {
    const inHole = files.filter(({ startMs, claimedMs }) => startMs < hole.endMs && startMs + Math.max(1, claimedMs) > hole.startMs);
    const outcomes = inHole.map(({ outcome }) => outcome);
    const cause = outcomes.includes('failed') ? 'failed_files' : outcomes.includes('partial') ? 'partial_file' : 'none_recorded';
    expect(hole.cause).toBe(cause);
  }
});

test('days have 23, 24 or 25 hours and the footage of their local date (§8.1)', () => {
  expect(coverageDays([], 'Europe/Berlin')).toEqual([]);
  const weekend = [{ startMs: Date.parse('2026-03-28T12:00Z'), endMs: Date.parse('2026-03-30T12:00Z') }];
  expect(coverageDays(weekend, 'Europe/Berlin')).toEqual([
    { date: '2026-03-28', coveredMs: 11 * HOUR_MS, lengthMs: 24 * HOUR_MS },
    { date: '2026-03-29', coveredMs: 23 * HOUR_MS, lengthMs: 23 * HOUR_MS },
    { date: '2026-03-30', coveredMs: 14 * HOUR_MS, lengthMs: 24 * HOUR_MS },
  ]);
  const autumn = [{ startMs: Date.parse('2026-10-24T22:00Z'), endMs: Date.parse('2026-10-25T23:00Z') }];
  expect(coverageDays(autumn, 'Europe/Berlin')).toEqual([{ date: '2026-10-25', coveredMs: 25 * HOUR_MS, lengthMs: 25 * HOUR_MS }]);
});

test('a day without footage between others is there, with nothing (§8.1)', () => {
  const days = coverageDays(minutes([0, 60], [2 * 1440, 2 * 1440 + 30]), 'UTC');
  expect(days.map(({ date, coveredMs }) => [date, coveredMs])).toEqual([
    ['1970-01-01', HOUR_MS],
    ['1970-01-02', 0],
    ['1970-01-03', HOUR_MS / 2],
  ]);
});

test('the matrix has a column for every date and blanks outside a camera’s footage (§8.1)', () => {
  expect(coverageMatrix([])).toEqual({ dates: [], rows: [] });
  expect(coverageMatrix([{ cameraId: 'gate', days: [] }])).toEqual({ dates: [], rows: [{ cameraId: 'gate', coveredSeconds: [] }] });
  const day = (date: string, coveredS: number) => ({ date, coveredMs: coveredS * 1000, lengthMs: 24 * HOUR_MS });
  const cameras = [
    { cameraId: 'gate', days: [day('2026-02-27', 60), day('2026-02-28', 0)] },
    { cameraId: 'yard', days: [day('2026-03-02', 5)] },
  ];
  expect(coverageMatrix(cameras)).toEqual({
    dates: ['2026-02-27', '2026-02-28', '2026-03-01', '2026-03-02'],
    rows: [
      { cameraId: 'gate', coveredSeconds: [60, 0, null, null] },
      { cameraId: 'yard', coveredSeconds: [null, null, null, 5] },
    ],
  });
});
