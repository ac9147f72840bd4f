import { expect, test } from 'vitest';

import type { EntityType } from '../../../../src/domain/enums.ts';
import { similarityOf, toUnit } from '../../../../src/domain/household/appearance.ts';
import { assignEntity, entityOfSighting, joinSighting, moveVector } from '../../../../src/domain/household/assign-entity.ts';
import type { KnownEntity, Sighting } from '../../../../src/domain/household/assign-entity.ts';
import { clusterSightings } from '../../../../src/domain/household/cluster-sightings.ts';
import { seededRandom, shuffle } from '../make-detections.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const NOW_MS = Date.parse('2026-01-15T12:00Z');

function sighting(vector: number[], part: Partial<Sighting> = {}): Sighting {
  return { type: 'person', modelId: 'reid', vector, atMs: NOW_MS, cropHeightPx: 200, ...part };
}

/** An entity whose cosine with (1, 0) is as given. */
function entity(id: string, cosine: number, part: Partial<KnownEntity> = {}): KnownEntity {
  const vector = [cosine, Math.sqrt(1 - cosine * cosine)];
  return { id, type: 'person', modelId: 'reid', vector, sightings: 1, firstSeenMs: NOW_MS, lastSeenMs: NOW_MS, ...part };
}

test.each<[string, KnownEntity[], string]>([
  ['no entities', [], 'new'],
  ['cosine 0.8', [entity('a', 0.8)], 'new'],
  ['cosine 0.85', [entity('a', 0.85)], 'a'],
  ['the best of two', [entity('a', 0.9), entity('b', 0.95)], 'b'],
  ['a second one just 0.02 behind', [entity('a', 0.9), entity('b', 0.92)], 'b'],
  ['a second one nearer', [entity('a', 0.9001), entity('b', 0.92)], 'b uncertain'],
  ['a second one below the threshold', [entity('a', 0.84), entity('b', 0.855)], 'b uncertain'],
  ['two alike', [entity('b', 0.9), entity('a', 0.9)], 'a uncertain'],
  ['another type', [entity('a', 1, { type: 'animal' })], 'new'],
  ['another model', [entity('a', 1, { modelId: 'other' })], 'new'],
  ['another length', [entity('a', 1, { vector: [1, 0, 0] })], 'new'],
  ['a near one of another model', [entity('a', 0.9), entity('b', 0.9, { modelId: 'other' })], 'a'],
])('assignment with %s (§10.2)', (_, entities, expected) => {
  const assigned = assignEntity(sighting([1, 0]), entities);
  const name = assigned.kind === 'new' ? 'new' : `${assigned.entityId}${assigned.uncertain ? ' uncertain' : ''}`;
  expect(name).toBe(expected);
  expect(assignEntity(sighting([1, 0]), entities.toReversed())).toEqual(assigned);
});

test.each<[EntityType, number]>([
  ['person', DAY_MS],
  ['vehicle', 30 * DAY_MS],
  ['animal', DAY_MS],
  ['package', DAY_MS],
  ['other', DAY_MS],
])('a %s is remembered for %i ms, before and after (§10.2)', (type, recentMs) => {
  for (const sign of [1, -1]) {
    const found = (ms: number) => assignEntity(sighting([1, 0], { type }), [entity('a', 1, { type, lastSeenMs: NOW_MS + sign * ms })]).kind;
    expect([found(recentMs), found(recentMs + 1)]).toEqual(['joined', 'new']);
  }
});

test.each([
  [1, [0.9487, 0.3162]],
  [20, [0.9996, 0.0288]],
  [5000, [0.9996, 0.0288]],
])('after %i sightings (1,0) moves towards (0.8,0.6) to %j (§10.2)', (sightings, expected) => {
  const moved = moveVector({ vector: [1, 0], sightings }, [0.8, 0.6]);
  expect(moved.map((value) => Number(value.toFixed(4)))).toEqual(expected);
  expect(moveVector({ vector: [1, 0], sightings }, [8, 6])).toEqual(moved);
  expect(Math.hypot(...moved)).toBeCloseTo(1, 12);
});

test('a joined sighting widens the times and moves the vector, an uncertain or small one only widens (§10.2)', () => {
  const known = entityOfSighting('a', sighting([2, 0]));
  expect(known).toMatchObject({ vector: [1, 0], sightings: 1, firstSeenMs: NOW_MS, lastSeenMs: NOW_MS });
  const later = sighting([0.8, 0.6], { atMs: NOW_MS + HOUR_MS });
  expect(joinSighting(known, later, false)).toMatchObject({ sightings: 2, firstSeenMs: NOW_MS, lastSeenMs: NOW_MS + HOUR_MS });
  expect(joinSighting(known, later, true)).toEqual({ ...known, lastSeenMs: NOW_MS + HOUR_MS });
  expect(joinSighting(known, { ...later, cropHeightPx: 95 }, false)).toEqual({ ...known, lastSeenMs: NOW_MS + HOUR_MS });
  const earlier = sighting([0.8, 0.6], { atMs: NOW_MS - HOUR_MS });
  expect(joinSighting(known, earlier, true)).toMatchObject({ firstSeenMs: NOW_MS - HOUR_MS, lastSeenMs: NOW_MS });
  expect(known).toMatchObject({ vector: [1, 0], sightings: 1, lastSeenMs: NOW_MS });
});

test('sightings of ten people a little apart cluster to ten, in footage order whatever the order given (§10.2)', () => {
  const random = seededRandom(14);
  const direction = () => toUnit(Array.from({ length: 64 }, () => random() - 0.5));
  const people = Array.from({ length: 10 }, direction);
  const sightings = Array.from({ length: 200 }, (_, i) => {
    const who = i % 10;
    const vector = people[who]!.map((value) => value + (random() - 0.5) * 0.08);
    return { ...sighting(vector, { atMs: NOW_MS + i * 60_000 }), who };
  });
  const options = { threshold: 0.85, newId: ({ atMs }: Sighting) => `at ${atMs}` };
  const { entities, links } = clusterSightings(shuffle(sightings, random), [], options);
  expect(entities).toHaveLength(10);
  for (let who = 0; who < 10; who += 1) {
    expect(new Set(links.filter((link) => link.sighting.who === who).map(({ entityId }) => entityId)).size).toBe(1);
    expect(Math.max(...entities.map((one) => similarityOf(one, sighting(people[who]!))!))).toBeGreaterThan(0.95);
  }
  expect(entities.every((one) => one.sightings === 20)).toBe(true);
  expect(clusterSightings(sightings, [], options).entities).toEqual(entities);
  const halves = clusterSightings(sightings.slice(100), clusterSightings(sightings.slice(0, 100), [], options).entities, options);
  expect(halves.entities).toEqual(entities);
  expect(clusterSightings([], [], options)).toEqual({ entities: [], links: [] });
});
