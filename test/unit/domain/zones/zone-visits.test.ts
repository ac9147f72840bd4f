import { expect, test } from 'vitest';

import { dwellMs, zoneVisits } from '../../../../src/domain/zones/zone-visits.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

/** `0 out, 0.5 in`: seconds and sides. */
function samples(text: string) {
  const parts = text.split(',').filter((part) => part.trim() !== '');
  return parts.map((part) => {
    const [seconds, side] = part.trim().split(' ');
    return { atMs: Number(seconds) * 1000, isInside: side === 'in' };
  });
}

test.each([
  ['', [], 0],
  ['3 in', [[3, 3]], 0],
  ['3 out', [], 0],
  ['0 out, 0.5 in, 5 in, 10 in, 10.5 out, 11 in, 15 in, 15.5 out', [[0.5, 15]], 14.5],
  [
    '0 in, 4 in, 4.5 out, 8 in, 9 in',
    [
      [0, 4],
      [8, 9],
    ],
    5,
  ],
  ['0 in, 1 out, 2 in', [[0, 2]], 2],
  [
    '0 in, 1 out, 2.001 in',
    [
      [0, 0],
      [2.001, 2.001],
    ],
    0,
  ],
  ['0 in, 60 in', [[0, 60]], 60],
  ['0 in, 0.4 out, 0.8 out, 1.2 out, 2 in, 3 in', [[0, 3]], 3],
])('samples %j make the visits %j and %d s of dwell (§7)', (text, visits, dwellS) => {
  const found = zoneVisits(samples(text));
  expect(found.map(({ startMs, endMs }) => [startMs / 1000, endMs / 1000])).toEqual(visits);
  expect(dwellMs(found)).toBe(dwellS * 1000);
});

test.each([
  ['0 in, 1 in', [[false, false]]],
  ['0 out, 1 in', [[true, false]]],
  ['0 in, 1 out', [[false, true]]],
  ['0 out, 1 in, 2 out', [[true, true]]],
  ['0 out, 0.5 in, 5 in, 10 in, 10.5 out, 11 in, 15 in, 15.5 out', [[true, true]]],
  [
    '0 in, 4 in, 4.5 out, 8 in, 9 in',
    [
      [false, true],
      [true, false],
    ],
  ],
  ['0 in, 1 out, 2 in', [[false, false]]],
])('of samples %j the visits have an entry and an exit: %j (§7)', (text, expected) => {
  expect(zoneVisits(samples(text)).map(({ entered, left }) => [entered, left])).toEqual(expected);
});

test('at an event only what came by its end counts (§7)', () => {
  const walk = samples('0 out, 1 in, 80 in, 100 in, 101 out');
  expect(dwellMs(zoneVisits(walk, 90_000))).toBe(79_000);
  expect(zoneVisits(walk, 90_000)).toEqual([{ startMs: 1000, endMs: 80_000, entered: true, left: false }]);
  expect(zoneVisits(walk, 500)).toEqual([]);
});

test('visits do not depend on the order of the samples, lie apart by more than 2 s and hold every inside sample (§7)', () => {
  const random = seededRandom(3);
  for (let run = 0; run < 200; run += 1) {
    const walk = Array.from({ length: 30 }, (_, i) => ({ atMs: i * 500 + Math.floor(random() * 400), isInside: random() < 0.5 }));
    const visits = zoneVisits(walk);
    expect(zoneVisits(shuffle(walk, random))).toEqual(visits);
    for (const [i, visit] of visits.entries()) {
      if (i > 0) expect(visit.startMs - visits[i - 1]!.endMs).toBeGreaterThan(2000);
    }
    const isHeld = (atMs: number) => visits.some(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs);
    expect(walk.filter(({ isInside }) => isInside).every(({ atMs }) => isHeld(atMs))).toBe(true);
  }
});
