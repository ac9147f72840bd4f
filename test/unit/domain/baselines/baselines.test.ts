import { expect, test } from 'vitest';

import { buildBaselines } from '../../../../src/domain/baselines/baselines.ts';
import type { SlotHour } from '../../../../src/domain/baselines/baselines.ts';
import { baselineHeatMap } from '../../../../src/domain/baselines/heat-map.ts';
import { touchedSlots, updateBaselines, windowMoves } from '../../../../src/domain/baselines/update-baselines.ts';
import { ageWeight, weighSlot } from '../../../../src/domain/baselines/weigh-slot.ts';
import { localHourAt } from '../../../../src/domain/coverage/local-hours.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A thursday. */
const NOON_MS = Date.parse('2026-01-15T12:00Z');
const OPTIONS = { asOfMs: NOON_MS + HOUR_MS, countsMotion: false };

/** The hour from noon so many days before. */
function hourBefore(daysBefore: number, counts: Record<string, number> = {}, exposure = 1): SlotHour {
  return { ...localHourAt(NOON_MS - daysBefore * DAY_MS, 'UTC'), exposure, counts };
}

function personsBefore(...slots: [daysBefore: number, count: number, exposure?: number][]): SlotHour[] {
  return slots.map(([days, count, exposure]) => hourBefore(days, { person: count }, exposure));
}

test('weights halve every ten days (§8.3)', () => {
  const weights = [0, 7, 14, 21, 28].map(ageWeight);
  for (const [i, weight] of [1, 0.615572, 0.378929, 0.233258, 0.143587].entries()) expect(weights[i]).toBeCloseTo(weight, 6);
});

test.each([
  [10, 7.466363],
  [14, 9.274281],
  [21, 11.449545],
  [30, 13.066135],
])('%d covered days weigh %d (§8.3)', (days, sum) => {
  const slot = Array.from({ length: days }, (_, i) => ({ dayNumber: i, startMs: i * DAY_MS, count: 0, exposure: 1 }));
  expect(weighSlot(slot)?.weightedExposure).toBeCloseTo(sum, 6);
});

test('a slot without occurrences has no numbers', () => {
  expect(weighSlot([])).toBeUndefined();
  expect(buildBaselines([], OPTIONS)).toEqual({ activity: [], classes: [] });
});

test.each<[string, SlotHour[], number, number, number]>([
  ['four', personsBefore([0, 2], [7, 0], [14, 4], [21, 1]), 2.22776, 1.682845, 4],
  ['the same, three days older', personsBefore([3, 2], [10, 0], [17, 4], [24, 1]), 2.22776, 1.682845, 4],
  ['the newest half covered', personsBefore([0, 2, 0.5], [7, 0], [14, 4], [21, 1]), 1.72776, 2.169847, 4],
  ['one not covered', personsBefore([0, 2], [7, 0, 0], [14, 4], [21, 1]), 1.612187, 2.325396, 3],
  ['one not there', personsBefore([0, 2], [14, 4], [21, 1]), 1.612187, 2.325396, 3],
  ['the oldest gone', personsBefore([0, 2], [7, 0], [14, 4]), 1.994501, 1.762705, 3],
  ['none in them', personsBefore([0, 0], [7, 0]), 1.615572, 0, 2],
])('a weekly slot with %s (§8.3)', (_, hours, weightedExposure, average, samples) => {
  const covered = hours.filter(({ exposure }) => exposure > 0);
  const occurrences = covered.map((hour) => ({ ...hour, count: hour.counts['person'] ?? 0 }));
  expect(weighSlot(occurrences)?.weightedExposure).toBeCloseTo(weightedExposure, 6);
  expect(weighSlot(occurrences)?.average).toBeCloseTo(average, 6);
  const { activity } = buildBaselines(hours, OPTIONS);
  expect(activity).toHaveLength(1);
  expect(activity[0]).toMatchObject({ hour: 12, sampleCount: samples });
  expect(activity[0]!.avgCount).toBeCloseTo(average, 6);
});

test('one track in 30 days is 0.076534 on the newest day and 0.010253 on the oldest (§8.3)', () => {
  const month = (day: number) => Array.from({ length: 30 }, (_, i) => hourBefore(i, i === day ? { cat: 1 } : {}));
  expect(buildBaselines(month(0), OPTIONS).classes[0]?.frequency).toBeCloseTo(0.076534, 6);
  expect(buildBaselines(month(29), OPTIONS).classes[0]?.frequency).toBeCloseTo(0.010253, 6);
});

test('explaining a slot shows its hours from the oldest with age and weight (§8.3)', () => {
  const slot = weighSlot(personsBefore([0, 2], [10, 4]).map((hour) => ({ ...hour, count: hour.counts['person'] ?? 0 })));
  expect(slot?.occurrences.map(({ count, ageDays, weight }) => [count, ageDays, weight])).toEqual([
    [4, 10, 0.5],
    [2, 0, 1],
  ]);
  expect(slot).toMatchObject({ weightedCount: 4, weightedExposure: 1.5, newestMs: NOON_MS });
});

test('the window is the 30 × 24 h before as_of: the first instant in, as_of out (§8.3)', () => {
  const samples = (asOfMs: number) => buildBaselines([hourBefore(0)], { ...OPTIONS, asOfMs }).activity.length;
  expect(samples(NOON_MS)).toBe(0);
  expect(samples(NOON_MS + 1)).toBe(1);
  expect(samples(NOON_MS + 30 * DAY_MS)).toBe(1);
  expect(samples(NOON_MS + 30 * DAY_MS + 1)).toBe(0);
});

test('class rows: every class seen in a covered hour of the window, all weekdays in one (§8.3)', () => {
  const hours = [
    hourBefore(0, { person: 2 }),
    hourBefore(1, { car: 1, constructor: 3 }),
    hourBefore(2, { dog: 4 }, 0),
    hourBefore(40, { bus: 1 }),
    hourBefore(3, { truck: 0 }),
  ];
  const { classes } = buildBaselines(hours, OPTIONS);
  expect(classes.map(({ label, hour, sampleCount, lastUpdatedMs }) => [label, hour, sampleCount, lastUpdatedMs])).toEqual([
    ['car', 12, 3, NOON_MS],
    ['constructor', 12, 3, NOON_MS],
    ['person', 12, 3, NOON_MS],
  ]);
});

test('motion counts as activity only for a camera without another detector (§8.3)', () => {
  const hours = [hourBefore(0, { motion: 3, cat: 1 })];
  expect(buildBaselines(hours, OPTIONS).activity[0]?.avgCount).toBe(1);
  expect(buildBaselines(hours, { ...OPTIONS, countsMotion: true }).activity[0]?.avgCount).toBe(4);
});

test('a repeated hour is two occurrences: 31 samples in 30 days (§8.2, §8.3)', () => {
  const hours = Array.from({ length: 30 * 24 }, (_, i): SlotHour => {
    const startMs = Date.parse('2026-10-30T00:00Z') - (i + 1) * HOUR_MS;
    return { ...localHourAt(startMs, 'Europe/Berlin'), exposure: 1, counts: { cat: 1 } };
  });
  const { classes, activity } = buildBaselines(hours, { asOfMs: Date.parse('2026-10-30T00:00Z'), countsMotion: false });
  expect(classes.find(({ hour }) => hour === 2)?.sampleCount).toBe(31);
  expect(Math.max(...activity.map(({ sampleCount }) => sampleCount))).toBe(5);
  expect(new Set(classes.map(({ frequency }) => frequency))).toEqual(new Set([1]));
});

test('the order of the hours does not matter, to the last bit', () => {
  const random = seededRandom(4);
  const hours = randomHours(random, 35);
  expect(buildBaselines(shuffle(hours, random), OPTIONS)).toEqual(buildBaselines(hours, OPTIONS));
});

function randomHours(random: () => number, days: number): SlotHour[] {
  return Array.from({ length: days * 24 }, (_, i) => randomHour(random, NOON_MS - i * HOUR_MS));
}

function randomHour(random: () => number, startMs: number): SlotHour {
  const labels = ['person', 'car', 'cat', 'motion'].filter(() => random() < 0.3);
  const counts = Object.fromEntries(labels.map((label) => [label, 1 + Math.floor(random() * 5)]));
  return { ...localHourAt(startMs, 'America/New_York'), exposure: random() < 0.3 ? 0 : 0.25 + 0.75 * random(), counts };
}

test('after random changes, deletions, late hours and moves of as_of an update equals a rebuild, to the last bit (§8.3)', () => {
  for (let seed = 1; seed <= 6; seed += 1) {
    const random = seededRandom(seed);
    let hours = new Map(randomHours(random, 45).map((hour) => [hour.startMs, hour]));
    let asOfMs = NOON_MS - 5 * DAY_MS;
    let rows = buildBaselines([...hours.values()], { asOfMs, countsMotion: false });
    for (let step = 0; step < 12; step += 1) {
      const changed: SlotHour[] = [];
      const next = new Map(hours);
      for (let edit = 0; edit < random() * 20; edit += 1) {
        const startMs = NOON_MS - Math.floor(random() * 60 * 24) * HOUR_MS;
        const before = next.get(startMs);
        if (before) changed.push(before);
        if (random() < 0.3) next.delete(startMs);
        else next.set(startMs, randomHour(random, startMs));
        const after = next.get(startMs);
        if (after) changed.push(after);
      }
      const asOfBeforeMs = asOfMs;
      asOfMs += Math.floor((random() - 0.3) * 3 * DAY_MS);
      const moves = windowMoves(asOfBeforeMs, asOfMs);
      const moved = [...next.values()].filter(({ startMs }) => moves.some((move) => move.startMs <= startMs && startMs < move.endMs));
      const touched = touchedSlots([...changed, ...moved]);
      const options = { asOfMs, countsMotion: false };
      const needed = [...next.values()].filter(({ hour }) => touched.hours.includes(hour));
      rows = updateBaselines(rows, { touched, hours: shuffle(needed, random) }, options);
      expect(rows).toEqual(buildBaselines([...next.values()], options));
      hours = next;
    }
  }
});

test('nothing changed touches nothing', () => {
  expect(touchedSlots([])).toEqual({ activity: [], hours: [] });
  expect(windowMoves(NOON_MS, NOON_MS)).toEqual([]);
  const rows = buildBaselines([hourBefore(0, { cat: 1 })], OPTIONS);
  expect(updateBaselines(rows, { touched: touchedSlots([]), hours: [] }, OPTIONS)).toEqual(rows);
});

test('slots are named once and in order; the window moves at both ends (§8.3)', () => {
  const slots = [
    { weekday: 3, hour: 9 },
    { weekday: 0, hour: 12 },
    { weekday: 3, hour: 9 },
    { weekday: 1, hour: 9 },
  ];
  expect(touchedSlots(slots)).toEqual({
    activity: [
      { weekday: 0, hour: 12 },
      { weekday: 1, hour: 9 },
      { weekday: 3, hour: 9 },
    ],
    hours: [9, 12],
  });
  const moves = [
    { startMs: NOON_MS - 30 * DAY_MS, endMs: NOON_MS - 29 * DAY_MS },
    { startMs: NOON_MS, endMs: NOON_MS + DAY_MS },
  ];
  expect(windowMoves(NOON_MS, NOON_MS + DAY_MS)).toEqual(moves);
  expect(windowMoves(NOON_MS + DAY_MS, NOON_MS)).toEqual(moves);
});

test('the heat map is blank where nothing is known and 0 where it is quiet (§8.4)', () => {
  expect(
    baselineHeatMap([])
      .flat()
      .every((cell) => cell === null),
  ).toBe(true);
  const map = baselineHeatMap([
    { weekday: 0, hour: 0, avgCount: 0, sampleCount: 3, lastUpdatedMs: 0 },
    { weekday: 6, hour: 23, avgCount: 1.5, sampleCount: 1, lastUpdatedMs: 0 },
    { weekday: 1, hour: 1, avgCount: 9, sampleCount: 0, lastUpdatedMs: 0 },
    { weekday: 7, hour: 24, avgCount: 9, sampleCount: 1, lastUpdatedMs: 0 },
  ]);
  expect([map.length, ...new Set(map.map((day) => day.length))]).toEqual([7, 24]);
  expect([map[0]?.[0], map[0]?.[1], map[6]?.[23], map[1]?.[1]]).toEqual([0, null, 1.5, null]);
});
