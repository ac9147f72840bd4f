import { expect, test } from 'vitest';

import { activityHours, countTracks, totalCount } from '../../../../src/domain/baselines/activity-hours.ts';
import { uniteIntervals } from '../../../../src/domain/coverage/interval.ts';
import { formatDay } from '../../../../src/domain/coverage/local-hours.ts';
import { utcToLocal } from '../../../../src/domain/time/local-time.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.parse('2026-01-15T00:00Z');

function track(minute: number, label = 'person', confirmed = true) {
  return { firstMs: START_MS + minute * MINUTE_MS, label, confirmed };
}

function footage(...intervals: [number, number][]) {
  const coverage = intervals.map(([from, to]) => ({ startMs: START_MS + from * MINUTE_MS, endMs: START_MS + to * MINUTE_MS }));
  return { coverage, zone: 'UTC', mode: 'continuous' as const };
}

test('without footage there is no activity', () => {
  expect([...activityHours({ coverage: [], zone: 'UTC', mode: 'continuous' }, [track(5)])]).toEqual([]);
});

test('confirmed tracks count once, in the hour they begin in (§8.2)', () => {
  const tracks = [track(59.99), track(60), track(61, 'car'), track(62, 'constructor'), track(70, 'person', false), track(60, 'person')];
  const hours = [...activityHours(footage([0, 120]), tracks)];
  expect(hours.map(({ hour, counts, exposure }) => [hour, counts, exposure])).toEqual([
    [0, { person: 1 }, 1],
    [1, { person: 2, car: 1, constructor: 1 }, 1],
  ]);
});

test('hours without footage are left out of a continuous camera, and are quiet ones of a triggered one (§8.1, §8.2)', () => {
  const gap = footage([0, 60], [180, 240]);
  expect([...activityHours(gap, [])].map(({ hour }) => hour)).toEqual([0, 3]);
  const hours = [...activityHours({ ...gap, mode: 'triggered' }, [track(5)])];
  expect(hours.map(({ hour, exposure, counts }) => [hour, exposure, counts])).toEqual([
    [0, 1, { person: 1 }],
    [1, 1, {}],
    [2, 1, {}],
    [3, 1, {}],
  ]);
});

test('the hours of a part are those of the whole', () => {
  const tracks = Array.from({ length: 50 }, (_, i) => track(i * 17));
  const all = [...activityHours(footage([0, 900]), tracks)];
  const within = { startMs: START_MS + 120 * MINUTE_MS, endMs: START_MS + 300 * MINUTE_MS };
  expect([...activityHours(footage([0, 900]), tracks, within)]).toEqual(all.slice(2, 5));
});

test.each([
  ['Europe/Berlin', '2026-03-26'],
  ['Europe/Berlin', '2026-10-22'],
  ['America/New_York', '2026-03-05'],
  ['America/New_York', '2026-10-29'],
  ['Australia/Lord_Howe', '2026-04-02'],
  ['Australia/Lord_Howe', '2026-10-01'],
])('in %s in the week of %s rates are those of counting minute by minute (§8.2)', (zone, date) => {
  const random = seededRandom(9);
  const startMs = Date.parse(`${date}T00:00Z`);
  const instant = () => startMs + Math.floor(random() * 7 * 24 * 60) * MINUTE_MS;
  const coverage = uniteIntervals(
    Array.from({ length: 200 }, instant).map((fromMs) => ({ startMs: fromMs, endMs: fromMs + 45 * MINUTE_MS })),
  );
  const isCovered = (atMs: number) => coverage.some((interval) => interval.startMs <= atMs && atMs < interval.endMs);
  const tracks = Array.from({ length: 800 }, instant)
    .filter(isCovered)
    .map((firstMs) => ({ firstMs, label: 'cat', confirmed: true }));

  const minutes = new Map<string, { minutes: number; tracks: number }>();
  const cellOf = (atMs: number) => {
    const { year, month, day, hour } = utcToLocal(atMs, zone);
    const key = `${formatDay(Date.UTC(year, month - 1, day) / 86_400_000)} ${hour}`;
    const cell = minutes.get(key) ?? { minutes: 0, tracks: 0 };
    minutes.set(key, cell);
    return cell;
  };
  for (const interval of coverage) for (let atMs = interval.startMs; atMs < interval.endMs; atMs += MINUTE_MS) cellOf(atMs).minutes += 1;
  for (const { firstMs } of tracks) cellOf(firstMs).tracks += 1;

  const cells = new Map<string, { minutes: number; tracks: number }>();
  for (const { date: day, hour, coveredMs, counts } of activityHours({ coverage, zone, mode: 'continuous' }, shuffle(tracks, random))) {
    const cell = cells.get(`${day} ${hour}`) ?? { minutes: 0, tracks: 0 };
    cells.set(`${day} ${hour}`, { minutes: cell.minutes + coveredMs / MINUTE_MS, tracks: cell.tracks + (counts['cat'] ?? 0) });
  }
  expect(cells).toEqual(minutes);
});

test('an event knows the tracks of its hour up to its end (§8.4)', () => {
  const tracks = [track(-1), track(0), track(10), track(10, 'car'), track(20), track(15, 'person', false), track(60)];
  const hour = { startMs: START_MS, endMs: START_MS + 60 * MINUTE_MS };
  expect(countTracks(tracks, hour, START_MS + 10 * MINUTE_MS)).toEqual({ person: 2, car: 1 });
  expect(countTracks(tracks, hour, START_MS + 90 * MINUTE_MS)).toEqual({ person: 3, car: 1 });
  expect(countTracks([], hour, START_MS)).toEqual({});
});

test('all classes but motion are activity, motion where there is nothing else (§8.3)', () => {
  expect(totalCount({}, true)).toBe(0);
  expect(totalCount({ person: 2, cat: 1, motion: 5 }, false)).toBe(3);
  expect(totalCount({ person: 2, cat: 1, motion: 5 }, true)).toBe(8);
});
