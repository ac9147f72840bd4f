import { describe, expect, test } from 'vitest';
import { groupEvents, isQualifying, toObjectTypes } from '../../../src/domain/group-events.ts';
import type { QualifyingDetection } from '../../../src/domain/group-events.ts';
import { widenToPauses } from '../../../src/domain/widen-to-pauses.ts';
import { makeDetection, seededRandom, shuffle } from './make-detections.ts';

const T0 = Date.UTC(2026, 0, 14, 8, 15, 0, 250);

function at(...seconds: number[]): QualifyingDetection[] {
  return seconds.map((second, i) => makeDetection(i + 1, T0 + Math.round(second * 1000)));
}

/** First and last second and size of each group. */
function spans(detections: readonly QualifyingDetection[]): [number, number, number][] {
  return groupEvents(detections, 'front_door').map(({ startedAtMs, endedAtMs, detectionIds }) => [
    (startedAtMs - T0) / 1000,
    (endedAtMs - T0) / 1000,
    detectionIds.length,
  ]);
}

function range(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, i) => i * step);
}

test.each([
  ['nothing', [], []],
  ['one', [7], [[7, 7, 1]]],
  ['0, 10, 40, 70, 90', [0, 10, 40, 70, 90], [[0, 90, 5]]],
  [
    '0, 30, 60, 90, 90.001',
    [0, 30, 60, 90, 90.001],
    [
      [0, 90, 4],
      [90.001, 90.001, 1],
    ],
  ],
  [
    '0, 10, 40.001',
    [0, 10, 40.001],
    [
      [0, 10, 2],
      [40.001, 40.001, 1],
    ],
  ],
  [
    '0, 20, … 200',
    range(11, 20),
    [
      [0, 80, 5],
      [100, 180, 5],
      [200, 200, 1],
    ],
  ],
  [
    '1 201 detections, 50 ms apart',
    range(1201, 0.05),
    [
      [0, 24.95, 500],
      [25, 49.95, 500],
      [50, 60, 201],
    ],
  ],
] as [string, number[], [number, number, number][]][])('groups (§6.2): %s', (_, seconds, expected) => {
  expect(spans(at(...seconds))).toEqual(expected);
});

describe('fields of an event (§6.2)', () => {
  test('the batch id names camera and first moment', () => {
    expect(groupEvents(at(0, 10), 'front_door')).toMatchObject([
      { batchId: 'front_door-20260114T081500250Z', startedAtMs: T0, endedAtMs: T0 + 10_000, detectionIds: [1, 2] },
    ]);
  });

  test('groups that start in the same ms are numbered', () => {
    const many = groupEvents(at(...range(1001, 0), 31), 'c');
    expect(many.map(({ batchId }) => batchId)).toEqual([
      'c-20260114T081500250Z',
      'c-20260114T081500250Z-2',
      'c-20260114T081500250Z-3',
      'c-20260114T081531250Z',
    ]);
  });

  test('an unbroken run is one sequence, named after its first event', () => {
    const groups = groupEvents(at(...range(11, 20), 230, 260.001), 'c');
    expect(groups.map(({ startedAtMs, sequenceId }) => [(startedAtMs - T0) / 1000, sequenceId])).toEqual([
      [0, 'c-20260114T081500250Z'],
      [100, 'c-20260114T081500250Z'],
      [200, 'c-20260114T081500250Z'],
      [260.001, 'c-20260114T081920251Z'],
    ]);
  });

  test('a pause of exactly 30 s does not break a sequence', () => {
    const sequences = groupEvents(at(0, 30, 60, 90, 120), 'c').map(({ sequenceId }) => sequenceId);
    expect(sequences).toEqual(['c-20260114T081500250Z', 'c-20260114T081500250Z']);
  });

  test('a person at 0.90 makes it a fast one; any other class does not', () => {
    const withScore = (label: string, score: number) => groupEvents([makeDetection(1, T0, { label, score })], 'c')[0];
    expect(withScore('person', 0.9)).toMatchObject({ isFastPath: true, maxScore: 0.9 });
    expect(withScore('person', 0.8999)).toMatchObject({ isFastPath: false });
    expect(withScore('car', 0.99)).toMatchObject({ isFastPath: false, maxScore: 0.99 });
  });

  test('ids ascend whatever the order of detections', () => {
    const found = [makeDetection(9, T0), makeDetection(3, T0 + 1000), makeDetection(5, T0 + 2000)];
    expect(groupEvents(found, 'c')[0]?.detectionIds).toEqual([3, 5, 9]);
  });

  test.each([
    ['nothing', [], ''],
    ['by count, then by name', ['dog', 'person', 'car', 'person', 'bicycle', 'car'], 'car,person,bicycle,dog'],
    ['upper case before lower case, whatever the locale', ['b', 'a', 'B'], 'B,a,b'],
  ])('object types: %s', (_, labels, expected) => {
    expect(toObjectTypes(labels)).toBe(expected);
  });

  test('object types are cut to 500 octets at a comma', () => {
    const labels = Array.from({ length: 60 }, (_, i) => `class-é-${String(i).padStart(3, '0')}`);
    const text = toObjectTypes(labels);
    // 12 octets each and a comma: 38 of them take 493.
    expect(text.split(',')).toEqual(labels.slice(0, 38));
    expect(Buffer.byteLength(text)).toBe(493);
    expect(toObjectTypes(['x'.repeat(501)])).toBe('');
    expect(toObjectTypes(['x'.repeat(500)])).toHaveLength(500);
  });
});

test.each([
  ['all is well', {}, 0.4, true],
  ['below the gate', {}, 0.3999, false],
  ['static', { isStatic: true }, 0.9, false],
  ['in no confirmed track', { inConfirmedTrack: false }, 0.9, false],
  ['camera switched off', { cameraEnabled: false }, 0.9, false],
  ['in an ignored zone or under a box mask', { isHidden: true }, 0.9, false],
  ['a gate of its own', { gates: { person: 0.95 } }, 0.9, false],
])('qualifies (§6.1): %s', (_, part, score, expected) => {
  const facts = { isStatic: false, inConfirmedTrack: true, cameraEnabled: true, ...part };
  expect(isQualifying({ label: 'person', score }, facts)).toBe(expected);
});

function makeVisits(seed: number) {
  const random = seededRandom(seed);
  let atMs = T0;
  const found = Array.from({ length: 2000 }, (_, i) => {
    atMs += Math.round(random() < 0.05 ? 20_000 + random() * 30_000 : random() * 3000);
    return makeDetection(i, atMs, { fileSha256: random() < 0.5 ? 'aa' : 'bb', label: random() < 0.5 ? 'person' : 'car', score: random() });
  });
  return { random, found };
}

test.each([1, 2, 3])('the order of the input does not matter (§6.2, seed %i)', (seed) => {
  const { random, found } = makeVisits(seed);
  const groups = groupEvents(found, 'c');
  expect(groups.length).toBeGreaterThan(30);
  expect(groupEvents(shuffle(found, random), 'c')).toEqual(groups);
});

test.each([1, 2, 3])('grouping between pauses of more than 30 s equals grouping everything (§6.3, seed %i)', (seed) => {
  const { random, found } = makeVisits(seed);
  const all = groupEvents(found, 'c');
  const times = found.map(({ detectedAtMs }) => detectedAtMs);
  for (let round = 0; round < 50; round += 1) {
    const middleMs = times[Math.floor(random() * times.length)]!;
    const { fromMs, toMs } = widenToPauses(times, { fromMs: middleMs, toMs: middleMs + random() * 100_000 });
    const inside = found.filter(({ detectedAtMs }) => detectedAtMs >= fromMs && detectedAtMs <= toMs);
    expect(groupEvents(inside, 'c')).toEqual(all.filter(({ startedAtMs }) => startedAtMs >= fromMs && startedAtMs <= toMs));
  }
});

test.each([
  ['no detections', [], [50, 60], [50, 60]],
  ['none near', [0, 200], [50, 60], [50, 60]],
  ['a pause of exactly 30 s does not separate', [19.999, 50, 80, 110, 140.001], [70, 75], [50, 110]],
  ['from neighbour to neighbour', [0, 25, 50, 75, 100, 131], [60, 60], [0, 100]],
  ['neighbours reached from the interval itself', [20, 90], [50, 60], [20, 90]],
  ['detections inside a long interval with pauses', [0, 100, 200, 230], [90, 210], [90, 230]],
] as [string, number[], [number, number], [number, number]][])('widens to pauses (§6.3): %s', (_, times, [from, to], expected) => {
  const widened = widenToPauses(
    times.map((second) => second * 1000),
    { fromMs: from * 1000, toMs: to * 1000 },
  );
  expect([widened.fromMs / 1000, widened.toMs / 1000]).toEqual(expected);
});
