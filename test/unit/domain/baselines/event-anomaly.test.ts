import { expect, test } from 'vitest';

import { eventAnomaly } from '../../../../src/domain/baselines/event-anomaly.ts';
import type { EventActivity } from '../../../../src/domain/baselines/event-anomaly.ts';
import type { SlotHour } from '../../../../src/domain/baselines/baselines.ts';
import { localHourAt } from '../../../../src/domain/coverage/local-hours.ts';

const DAY_MS = 86_400_000;
/** A thursday. */
const NOON_MS = Date.parse('2026-01-15T12:00Z');

function event(counts: Record<string, number>, part: Partial<EventActivity> = {}): EventActivity {
  return { hour: localHourAt(NOON_MS, 'UTC'), counts, labels: Object.keys(counts), countsMotion: false, ...part };
}

/** Noon of so many days, the newest yesterday; `perHour` may depend on the days before. */
function history(days: number, perHour: (daysBefore: number) => number, exposure = 1): SlotHour[] {
  return Array.from({ length: days }, (_, i) => ({
    ...localHourAt(NOON_MS - (i + 1) * DAY_MS, 'UTC'),
    exposure,
    counts: { person: perHour(i + 1) },
  }));
}

test.each([
  ['nothing', []],
  ['nine days', history(9, () => 1)],
  ['days not covered', history(30, () => 1, 0)],
  ['days too long ago', history(45, () => 1).slice(30)],
  ['its own and later hours', history(30, () => 1).map((hour) => ({ ...hour, startMs: hour.startMs + 31 * DAY_MS }))],
  ['other hours', history(30, () => 1).map((hour) => ({ ...hour, hour: 11 }))],
])('%s is not enough history (§8.4)', (_, hours) => {
  expect(eventAnomaly(event({ person: 1 }), hours)).toBeNull();
});

test.each([
  [30, 0, 0.5, 12.6911, [[1, 0.9628]]],
  [10, 0, 0.5, 7.4664, [[1, 0.9391]]],
  [14, 0, 0.5, 9.1532, [[1, 0.9495]]],
  [15, 0, 0.5, 9.5068, [[1, 0.9512]]],
  [
    30,
    0.2,
    2.9382,
    12.6911,
    [
      [1, 0.8002],
      [2, 0.972],
      [3, 0.9967],
    ],
  ],
  [
    30,
    1,
    12.6911,
    12.6911,
    [
      [0, 0],
      [1, 0.3819],
      [2, 0.7359],
      [3, 0.9129],
      [4, 0.9763],
      [5, 0.9944],
    ],
  ],
  [
    30,
    3,
    37.0734,
    12.6911,
    [
      [3, 0.4491],
      [5, 0.8218],
      [6, 0.9163],
      [8, 0.9865],
      [10, 0.9985],
    ],
  ],
] as const)('%d days with %d tracks an hour make a %d, b %d and the scores %j (§8.4)', (days, perHour, a, b, scores) => {
  for (const [k, score] of scores) {
    const found = eventAnomaly(
      event({ person: k }),
      history(days, () => perHour),
    )?.classes['person'];
    expect(found?.k).toBe(k);
    expect(found?.a).toBeCloseTo(a, 4);
    expect(found?.b).toBeCloseTo(b, 4);
    expect(Math.abs((found?.score ?? NaN) - score)).toBeLessThan(1e-4);
  }
});

test.each([
  [1, 0.336],
  [2, 0.6681],
  [3, 0.8623],
  [4, 0.9498],
  [5, 0.9834],
  [6, 0.9949],
])('activity: other weekdays count a quarter; %d tracks score %d (§8.4)', (k, score) => {
  const sameWeekday = new Map([
    [7, 2],
    [14, 0],
    [21, 4],
    [28, 1],
  ]);
  const found = eventAnomaly(
    event({ person: k }),
    history(28, (days) => sameWeekday.get(days) ?? 1),
  )!;
  expect(found.activity.a).toBeCloseTo(5.448, 4);
  expect(found.activity.b).toBeCloseTo(4.5116, 4);
  expect(Math.abs(found.activity.score - score)).toBeLessThan(1e-4);
  expect(found.sampleCount).toBe(28);
});

test('the event’s score is the largest of its classes and of activity; classes it does not have are left out (§8.4)', () => {
  const hours = history(30, () => 1);
  const found = eventAnomaly(event({ person: 1, cat: 1, dog: 9 }, { labels: ['person', 'cat', 'cat'] }), hours)!;
  expect(Object.keys(found.classes)).toEqual(['person', 'cat']);
  expect(found.classes['cat']?.score).toBeCloseTo(0.9628, 4);
  expect(found.activity.k).toBe(11);
  expect(found.score).toBe(found.activity.score);
  const quiet = eventAnomaly(event({ person: 1, cat: 0 }, { labels: ['person', 'constructor'] }), hours)!;
  expect(quiet.score).toBe(Math.max(quiet.activity.score, quiet.classes['person']!.score));
  expect(quiet.classes['constructor']).toMatchObject({ k: 0, score: 0 });
});

test('motion is left out of activity unless there is no other detector (§8.4)', () => {
  const hours = history(30, () => 1);
  expect(eventAnomaly(event({ motion: 5, person: 1 }), hours)?.activity.k).toBe(1);
  expect(eventAnomaly(event({ motion: 5, person: 1 }, { countsMotion: true }), hours)?.activity.k).toBe(6);
});

test('ten covered hours of any weekday are enough; half covered ones count half (§8.4)', () => {
  expect(
    eventAnomaly(
      event({ person: 1 }),
      history(10, () => 1),
    )?.sampleCount,
  ).toBe(10);
  expect(
    eventAnomaly(
      event({ person: 1 }),
      history(30, () => 0, 0.5),
    )?.classes['person']?.b,
  ).toBeCloseTo(0.5 + 12.1911 / 2, 4);
});

test('the event’s own hour is no history (§8.4)', () => {
  const own: SlotHour = { ...localHourAt(NOON_MS, 'UTC'), exposure: 1, counts: { person: 50 } };
  const hours = history(10, () => 1);
  expect(eventAnomaly(event({ person: 1 }), [own, ...hours])).toEqual(eventAnomaly(event({ person: 1 }), hours));
});

test('an event in the second of two equal hours knows the first one (§8.2, §8.4)', () => {
  const second = localHourAt(Date.parse('2026-10-25T01:00Z'), 'Europe/Berlin');
  const hours = Array.from({ length: 10 }, (_, i): SlotHour => {
    const startMs = Date.parse('2026-10-25T00:00Z') - i * DAY_MS;
    return { ...localHourAt(startMs, 'Europe/Berlin'), exposure: 1, counts: {} };
  });
  const found = eventAnomaly(event({ cat: 1 }, { hour: second }), hours);
  expect(found?.sampleCount).toBe(10);
  expect(found?.classes['cat']?.b).toBeCloseTo(0.5 + 7.466363, 5);
});
