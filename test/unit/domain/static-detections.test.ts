import { expect, test } from 'vitest';
import { createStaticMarker, markStatic } from '../../../src/domain/static-detections.ts';
import type { StoredDetection } from '../../../src/domain/stored-detection.ts';
import { makeDetection, seededRandom, shuffle } from './make-detections.ts';

const CAR_BOX = { x: 400, y: 300, width: 200, height: 100 };

function framesAt(timesMs: number[]) {
  return timesMs.map((atMs) => ({ atMs, isStill: false }));
}

function every(stepMs: number, untilMs: number): number[] {
  return Array.from({ length: Math.floor(untilMs / stepMs) + 1 }, (_, i) => i * stepMs);
}

/** One detection per time, ids from 1. */
function standing(timesMs: number[], part: Partial<StoredDetection>): StoredDetection[] {
  return timesMs.map((atMs, i) => makeDetection(i + 1, atMs, { label: 'car', box: CAR_BOX, ...part }));
}

/** Times of the static detections. */
function staticTimes(detections: StoredDetection[], framesMs: number[]): number[] {
  const ids = markStatic(detections, framesAt(framesMs));
  return detections.filter(({ id }) => ids.has(id)).map(({ detectedAtMs }) => detectedAtMs);
}

test('nothing in, nothing static', () => {
  expect(markStatic([], [])).toEqual(new Set());
});

test.each([
  ['car', 10_000],
  ['bicycle', 10_000],
  ['motion', 10_000],
  ['umbrella', 10_000],
  ['person', 120_000],
  ['dog', 120_000],
])('a standing %s is static from %i ms after it was first seen (§5.1)', (label, ageMs) => {
  const times = every(500, 130_000);
  const found = staticTimes(standing(times, { label }), times);
  expect(found[0]).toBe(ageMs);
  expect(found).toHaveLength(times.filter((atMs) => atMs >= ageMs).length);
});

test.each([
  ['shift 5,4 with 198×101', { x: 405, y: 304, width: 198, height: 101 }, true],
  ['shift 15,0', { x: 415, y: 300, width: 200, height: 100 }, false],
  ['shift 0,15 and 30 % larger', { x: 377, y: 308, width: 228, height: 114 }, false],
  ['the same place, 30 % larger', { x: 386, y: 293, width: 228, height: 114 }, false],
  ['the same place, a quarter less area', { x: 413, y: 306, width: 174, height: 87 }, false],
  ['the same place, 20 % less area', { x: 400, y: 300, width: 200, height: 80 }, true],
  ['the same place, 25 % more area', { x: 400, y: 300, width: 200, height: 125 }, false],
])('earlier boxes against a 200×100 box (§5.1): %s', (_, earlierBox, matches) => {
  const earlier = standing([0, 5000, 10_000], { box: earlierBox });
  const last = makeDetection(9, 15_000, { label: 'car', box: CAR_BOX });
  const ids = markStatic([...earlier, last], framesAt([0, 5000, 10_000, 15_000]));
  // The area of 25 % more fits; its centre lies 12.5 px lower, more than 11.18.
  expect(ids.has(9)).toBe(matches);
});

test('limits of place and size are included (§5.1)', () => {
  // 300×400: diagonal 500, shift at most 25; area ratio exactly 1.25.
  const box = { x: 100, y: 100, width: 300, height: 400 };
  const isStatic = (earlierBox: typeof box) =>
    markStatic(
      [...standing([0, 5000, 10_000], { box: earlierBox }), makeDetection(9, 15_000, { label: 'car', box })],
      framesAt([0, 5000, 10_000, 15_000]),
    ).has(9);
  expect(isStatic({ ...box, x: 125 })).toBe(true);
  expect(isStatic({ ...box, x: 126 })).toBe(false);
  expect(isStatic({ x: 100, y: 50, width: 300, height: 500 })).toBe(true);
  expect(isStatic({ x: 100, y: 49, width: 300, height: 501 })).toBe(false);
});

test('three matches in different frames are needed (§5.1)', () => {
  expect(staticTimes(standing([0, 20_000, 40_000], {}), [0, 20_000, 40_000])).toEqual([]);
  expect(staticTimes(standing([0, 20_000, 40_000, 60_000], {}), [0, 20_000, 40_000, 60_000])).toEqual([60_000]);
  const twice = standing([0, 0, 20_000, 20_000, 40_000], {});
  expect(staticTimes(twice, [0, 20_000, 40_000])).toEqual([]);
});

test('80 % of the frames since the first match must show it (§5.1)', () => {
  const times = every(3000, 30_000); // 11 frames; ten before the last one
  const without = (...missed: number[]) => times.filter((atMs) => !missed.includes(atMs));
  expect(staticTimes(standing(without(6000, 9000), {}), times).at(-1)).toBe(30_000);
  expect(staticTimes(standing(without(6000, 9000, 12_000), {}), times).at(-1)).toBeUndefined();
});

test('the look-back is 900 s, for stills 86 400 s (§5.1)', () => {
  const times = [0, 1000, 2000, 902_000];
  expect(staticTimes(standing([0, 1000, 2000, 900_000], {}), [0, 1000, 2000, 900_000]).at(-1)).toBe(900_000);
  expect(staticTimes(standing(times, {}), times)).toEqual([]);
  expect(staticTimes(standing(times, { isStill: true }), times)).toEqual([902_000]);
  const day = [0, 1000, 2000, 86_400_001];
  expect(staticTimes(standing(day, { isStill: true }), day)).toEqual([]);
});

test('weak detections neither count as matches below 0.25 nor escape being static (§5.1)', () => {
  const times = every(5000, 20_000);
  const faint = standing(times, { score: 0.24 });
  expect(staticTimes(faint, times)).toEqual([]);
  const last = makeDetection(9, 20_000, { label: 'car', box: CAR_BOX, score: 0.1 });
  expect(markStatic([...standing(times.slice(0, -1), { score: 0.25 }), last], framesAt(times)).has(9)).toBe(true);
});

test('classes of one group match each other, of two groups not (§5.1)', () => {
  const times = every(5000, 20_000);
  const truckAfter = [...standing(times.slice(0, -1), {}), makeDetection(9, 20_000, { label: 'truck', box: CAR_BOX })];
  expect(markStatic(truckAfter, framesAt(times)).has(9)).toBe(true);
  const personAfter = [...standing(times.slice(0, -1), {}), makeDetection(9, 20_000, { label: 'bicycle', box: CAR_BOX })];
  expect(markStatic(personAfter, framesAt(times)).has(9)).toBe(false);
});

test('a snapshot of another size is compared at the same scale', () => {
  const times = every(5000, 20_000);
  const small = { picture: { width: 960, height: 540 }, box: { x: 200, y: 150, width: 100, height: 50 } };
  const mixed = [...standing(times.slice(0, -1), small), makeDetection(9, 20_000, { label: 'car', box: CAR_BOX })];
  expect(markStatic(mixed, framesAt(times)).has(9)).toBe(true);
});

/** §5.1 as it is written, frame by frame and pair by pair. */
function markSlowly(detections: StoredDetection[], framesMs: number[]): Set<number> {
  const centreOf = ({ box }: StoredDetection) => [box.x + box.width / 2, box.y + box.height / 2] as const;
  const matches = (d: StoredDetection, e: StoredDetection) => {
    const [[dx, dy], [ex, ey]] = [centreOf(d), centreOf(e)];
    const ratio = (e.box.width * e.box.height) / (d.box.width * d.box.height);
    return Math.hypot(dx - ex, dy - ey) <= 0.05 * Math.hypot(d.box.width, d.box.height) && ratio >= 0.8 && ratio <= 1.25;
  };
  const isStatic = (d: StoredDetection) => {
    const earlier = detections.filter((e) => e.detectedAtMs < d.detectedAtMs && d.detectedAtMs - e.detectedAtMs <= 900_000);
    const times = new Set(earlier.filter((e) => matches(d, e)).map((e) => e.detectedAtMs));
    const first = Math.min(...times);
    const analysed = framesMs.filter((atMs) => atMs >= first && atMs < d.detectedAtMs).length;
    return times.size >= 3 && d.detectedAtMs - first >= 10_000 && times.size / analysed >= 0.8;
  };
  return new Set(detections.filter(isStatic).map(({ id }) => id));
}

test.each([1, 2, 3, 4])('gives what the rule gives, in any order of input (seed %i)', (seed) => {
  const random = seededRandom(seed);
  const framesMs = every(1000, 1_200_000).filter(() => random() < 0.2);
  let id = 0;
  const detections = framesMs.flatMap((atMs) =>
    [
      { x: 100, wobble: 6 },
      { x: 130, wobble: 16 },
      { x: 1700, wobble: 12 },
    ].flatMap(({ x, wobble }) => {
      if (random() < 0.12) return [];
      const jitter = () => Math.round((random() - 0.5) * wobble);
      id += 1;
      return [
        makeDetection(id, atMs, {
          label: 'car',
          box: { x: x + jitter(), y: 500 + jitter(), width: 200 + jitter(), height: 100 + jitter() },
        }),
      ];
    }),
  );
  const expected = markSlowly(detections, framesMs);
  expect(expected.size).toBeGreaterThan(50);
  expect(expected.size).toBeLessThan(detections.length - 50);
  const found = markStatic(shuffle(detections, random), framesAt(shuffle(framesMs, random)));
  expect([...found].sort((a, b) => a - b)).toEqual([...expected].sort((a, b) => a - b));
});

test('needs no more than the look-back before what it is asked about', () => {
  const times = every(2000, 2_000_000);
  const detections = standing(times, {});
  const fromMs = 1_500_000;
  const recent = (atMs: number) => atMs >= fromMs - 900_000;
  const all = markStatic(detections, framesAt(times));
  const part = markStatic(
    detections.filter(({ detectedAtMs }) => recent(detectedAtMs)),
    framesAt(times.filter(recent)),
  );
  const asked = detections.filter(({ detectedAtMs }) => detectedAtMs >= fromMs).map(({ id }) => id);
  expect(asked.filter((id) => part.has(id))).toEqual(asked.filter((id) => all.has(id)));
});

test('detections of one frame do not make each other static', () => {
  const marker = createStaticMarker();
  const many = Array.from({ length: 10 }, (_, i) => makeDetection(i, 20_000, { label: 'car', box: CAR_BOX }));
  expect(marker.step(20_000, many)).toEqual([]);
});
