import { expect, test } from 'vitest';

import { uniteIntervals } from '../../../../src/domain/coverage/interval.ts';
import { coveredHours } from '../../../../src/domain/coverage/covered-hours.ts';
import { deriveRecordingMode } from '../../../../src/domain/coverage/recording-mode.ts';
import { utcToLocal } from '../../../../src/domain/time/local-time.ts';
import { seededRandom } from '../make-detections.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const START_MS = Date.parse('2026-01-15T00:00Z');

/** Minutes since the start. */
function minutes(...intervals: [number, number][]) {
  return intervals.map(([from, to]) => ({ startMs: START_MS + from * MINUTE_MS, endMs: START_MS + to * MINUTE_MS }));
}

function exposures(coverage: ReturnType<typeof minutes>, mode: 'continuous' | 'triggered') {
  return [...coveredHours({ coverage, zone: 'UTC', mode })].map(({ exposure }) => exposure);
}

test('without footage there are no hours', () => {
  expect([...coveredHours({ coverage: [], zone: 'UTC', mode: 'continuous' })]).toEqual([]);
  expect([...coveredHours({ coverage: [], zone: 'UTC', mode: 'triggered' })]).toEqual([]);
});

test.each([
  [[[0, 60]], [1]],
  [[[0, 15]], [0.25]],
  [[[0, 14.99]], [0]],
  [
    [
      [0, 5],
      [20, 25],
      [40, 45],
    ],
    [0.25],
  ],
  [[[30, 90]], [0.5, 0.5]],
  [[[50, 130]], [0, 1, 0]],
  [
    [
      [0, 60],
      [180, 240],
    ],
    [1, 0, 0, 1],
  ],
] as [[number, number][], number[]][])('footage at minutes %j gives a continuous camera the exposures %j (§8.1)', (footage, expected) => {
  expect(exposures(minutes(...footage), 'continuous')).toEqual(expected);
});

test('a triggered camera covers hours with footage within 24 h before and after their middle, fully (§8.1)', () => {
  // Middles of the hours lie at minutes 30, 90, …; the second clip begins 24 h after the middle of hour 0.
  const within = exposures(minutes([29, 30], [24 * 60 + 30, 24 * 60 + 31]), 'triggered');
  expect(within).toEqual([...Array.from({ length: 24 }, () => 1), 1]);
  const later = exposures(minutes([29, 30], [24 * 60 + 31, 24 * 60 + 32]), 'triggered');
  expect(later.slice(0, 2)).toEqual([0, 1]);
  // A silence of three days: only the middles within a day of both ends would count, and there are none.
  const silent = exposures(minutes([29, 31], [72 * 60 + 29, 72 * 60 + 31]), 'triggered');
  expect(silent).toEqual([1, ...Array.from({ length: 71 }, () => 0), 1]);
});

test('hours after the newest file are not covered (§8.1)', () => {
  expect(exposures(minutes([0, 1], [120, 121]), 'triggered')).toEqual([1, 1, 0]);
  expect(exposures(minutes([0, 1], [120, 150]), 'triggered')).toEqual([1, 1, 0]);
  expect(exposures(minutes([0, 1], [120, 150.01]), 'triggered')).toEqual([1, 1, 1]);
});

test('part of the hours is the same as all of them, cut', () => {
  const coverage = minutes([0, 50], [70, 200], [3000, 3050]);
  for (const mode of ['continuous', 'triggered'] as const) {
    const all = [...coveredHours({ coverage, zone: 'Asia/Kolkata', mode })];
    const within = { startMs: START_MS + 100 * MINUTE_MS, endMs: START_MS + 3020 * MINUTE_MS };
    const cut = all.filter(({ startMs, endMs }) => startMs < within.endMs && endMs > within.startMs);
    expect([...coveredHours({ coverage, zone: 'Asia/Kolkata', mode }, within)]).toEqual(cut);
  }
});

test.each([
  ['Europe/Berlin', '2026-03-26'],
  ['Europe/Berlin', '2026-10-22'],
  ['America/New_York', '2026-10-29'],
  ['Australia/Lord_Howe', '2026-04-02'],
  ['Australia/Lord_Howe', '2026-10-01'],
])('in %s in the week of %s covered time is what counting minutes says (§8.1)', (zone, date) => {
  const random = seededRandom(11);
  const startMs = Date.parse(`${date}T00:00Z`);
  const coverage = uniteIntervals(
    Array.from({ length: 150 }, () => {
      const fromMs = startMs + Math.floor(random() * 7 * 24 * 60) * MINUTE_MS;
      return { startMs: fromMs, endMs: fromMs + Math.floor(random() * 60) * MINUTE_MS };
    }),
  );
  const perMinute = new Map<string, number>();
  for (const interval of coverage) {
    for (let atMs = interval.startMs; atMs < interval.endMs; atMs += MINUTE_MS) {
      const { day, hour } = utcToLocal(atMs, zone);
      perMinute.set(`${day} ${hour}`, (perMinute.get(`${day} ${hour}`) ?? 0) + MINUTE_MS);
    }
  }
  const perHour = new Map<string, number>();
  for (const { date: day, hour, coveredMs } of coveredHours({ coverage, zone, mode: 'continuous' })) {
    const key = `${Number(day.slice(8))} ${hour}`;
    if (coveredMs > 0) perHour.set(key, (perHour.get(key) ?? 0) + coveredMs);
  }
  expect(perHour).toEqual(perMinute);
});

test.each([
  ['no hours', [], null],
  ['hours without footage', [0, 0], null],
  ['full hours', [3600, 3600, 0, 0, 0], 'continuous'],
  ['half hours', [1800], 'continuous'],
  ['nearly half hours', [1799.999], 'triggered'],
  ['clips and one full hour', [20, 3600, 20], 'triggered'],
  ['two hours around the limit', [1500, 2100], 'continuous'],
])('from %s of %j s the recording mode is %s (§8.1)', (_, coveredS, mode) => {
  const hours = coveredS.map((seconds, i) => ({ startMs: START_MS + i * HOUR_MS, coveredMs: seconds * 1000 }));
  expect(deriveRecordingMode(hours, START_MS + 24 * HOUR_MS)).toBe(mode);
});

test('only the last 30 days tell the recording mode (§8.1)', () => {
  const day = 24 * HOUR_MS;
  const at = (startMs: number, coveredMs: number) => ({ startMs, coveredMs });
  const old = at(START_MS, HOUR_MS);
  expect(deriveRecordingMode([old], START_MS + 30 * day)).toBe('continuous');
  expect(deriveRecordingMode([old], START_MS + 30 * day + 1)).toBeNull();
  expect(deriveRecordingMode([old], START_MS)).toBeNull();
});

test('ten years of one-minute clips take seconds, not minutes', () => {
  const coverage = Array.from({ length: 1_000_000 }, (_, i) => ({ startMs: i * 315_000, endMs: i * 315_000 + MINUTE_MS }));
  const begun = process.cpuUsage();
  let coveredMs = 0;
  for (const hour of coveredHours({ coverage, zone: 'Europe/Berlin', mode: 'triggered' })) coveredMs += hour.coveredMs;
  expect(coveredMs).toBe(1_000_000 * MINUTE_MS);
  expect(process.cpuUsage(begun).user / 1e6).toBeLessThan(5);
});
