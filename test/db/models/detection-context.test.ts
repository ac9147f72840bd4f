import { createHash, randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import * as actions from '../../../src/db/models/action-results.ts';
import * as demographics from '../../../src/db/models/demographics-results.ts';
import type { DetectionKey } from '../../../src/db/models/detection-results.ts';
import * as entities from '../../../src/db/models/entities.ts';
import { setPrimaryDetectionValidated, validatePrimaryDetection } from '../../../src/db/models/entity-primary-detection.ts';
import * as poses from '../../../src/db/models/pose-results.ts';
import * as reid from '../../../src/db/models/reid-embeddings.ts';
import * as threats from '../../../src/db/models/threat-detections.ts';
import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { entityFromDetection, updateSeen } from '../../../src/domain/entity.ts';
import { encodeVector } from '../../../src/domain/vector.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

/** Two detections of the gate in January, one of the yard in between, one of the gate in March. */
const TIMES = ['2026-01-10T10:00:00.123Z', '2026-01-10T10:00:01Z', '2026-01-10T10:00:02Z', '2026-03-01T00:00:00Z'].map(
  (text) => new Date(text),
);
const KEYS: DetectionKey[] = TIMES.map((detectedAt, index) => ({ detectionId: index + 1, detectedAt }));
const [first, second, yards, march] = KEYS as [DetectionKey, DetectionKey, DetectionKey, DetectionKey];
const JANUARY = { cameraId: 'gate', from: TIMES[0]!, until: TIMES[2]! };

beforeAll(async () => {
  own = await createTestDatabase();
  const { knex } = own;
  await knex('cameras').insert(['gate', 'yard'].map((id) => ({ id, name: id, folder_path: `/footage/${id}` })));
  await ensureDetectionPartitions(knex, TIMES);
  for (const { detectionId, detectedAt } of KEYS) {
    const camera_id = detectionId === 3 ? 'yard' : 'gate';
    await knex('detections').insert({ id: detectionId, camera_id, file_path: '/f', detected_at: detectedAt, object_type: 'person' });
  }
});

afterAll(async () => {
  await own.drop();
});

const of = ({ detectionId, detectedAt }: DetectionKey): { detection_id: number; detected_at: Date } => ({
  detection_id: detectionId,
  detected_at: detectedAt,
});

test('poses are stored once per detection and read back by detection and by camera', async () => {
  const { knex } = own;
  await poses.upsertPoseResults(knex, []);
  const keypoints = Array.from({ length: 17 }, (_, index): [number, number, number] => [index, index, 0.5]);
  const pose = { pose_class: 'crouching', confidence: 0.9, keypoints, is_suspicious: true } as const;
  await poses.upsertPoseResults(
    knex,
    [march, yards, second, first].map((key) => ({ ...of(key), ...pose })),
  );
  const [stored] = await poses.findPoseResults(knex, [first]);
  expect(stored).toMatchObject({ ...of(first), ...pose });
  await poses.upsertPoseResults(knex, [{ ...of(first), pose_class: null, confidence: null, keypoints: null, is_suspicious: false }]);
  expect(await poses.findPoseResults(knex, [first])).toEqual([
    { ...stored, pose_class: null, confidence: null, keypoints: null, is_suspicious: false },
  ]);
  expect((await poses.listPoseResults(knex, JANUARY)).map((row) => row.detection_id)).toEqual([1, 2]);
});

test('a result is found only under both halves of its key', async () => {
  const { knex } = own;
  expect(await poses.findPoseResults(knex, [])).toEqual([]);
  expect(await poses.findPoseResults(knex, [{ detectionId: 1, detectedAt: march.detectedAt }])).toEqual([]);
  expect((await poses.findPoseResults(knex, [march, first])).map((row) => row.detection_id)).toEqual([1, 4]);
});

test('actions are stored once per detection with all scores', async () => {
  const { knex } = own;
  const action = { action: 'climbing', confidence: 0.7, is_suspicious: true, all_scores: { climbing: 0.7, walking: 0.3 } };
  await actions.upsertActionResults(knex, [{ ...of(first), action: null, confidence: null, is_suspicious: false, all_scores: null }]);
  await actions.upsertActionResults(knex, [{ ...of(first), ...action }]);
  const [stored, ...others] = await actions.findActionResults(knex, [first]);
  expect(stored).toMatchObject(action);
  expect(others).toEqual([]);
  expect(await actions.listActionResults(knex, JANUARY)).toEqual([stored]);
});

test('demographics are stored once per detection', async () => {
  const { knex } = own;
  const result = { age_range: '81+', age_confidence: 0.4, gender: 'unknown', gender_confidence: null } as const;
  for (let round = 0; round < 2; round++) await demographics.upsertDemographicsResults(knex, [{ ...of(second), ...result }]);
  const [stored, ...others] = await demographics.findDemographicsResults(knex, [second]);
  expect(stored).toMatchObject({ ...of(second), ...result });
  expect(others).toEqual([]);
  expect(await demographics.listDemographicsResults(knex, JANUARY)).toEqual([stored]);
});

test('threats of a detection are replaced as a whole, also by none; those of others stay', async () => {
  const { knex } = own;
  const knife = { threat_type: 'knife', confidence: 0.8, severity: 'critical', bbox: [1, 2, 3, 4] } as const;
  const replace = async (keys: DetectionKey[], found: threats.NewThreatDetection[]): Promise<void> =>
    knex.transaction((trx) => threats.replaceThreats(trx, { detections: keys, threats: found }));
  await replace(KEYS, [
    { ...of(first), ...knife, bbox: [1, 2, 3, 4] },
    { ...of(first), ...knife, threat_type: 'gun', bbox: null },
    { ...of(second), ...knife, bbox: null },
  ]);
  expect(await threats.findThreats(knex, [first])).toMatchObject([knife, { threat_type: 'gun', bbox: null }]);
  await replace([first], []);
  expect(await threats.findThreats(knex, [first])).toEqual([]);
  expect((await threats.listThreats(knex, JANUARY)).map((row) => row.detection_id)).toEqual([2]);
});

test('a vector is stored with its length and hash, and computing it again keeps the match', async () => {
  const { knex } = own;
  const entity = await entities.insertEntity(knex, entityFromDetection({ type: 'person' }));
  await reid.upsertReidEmbeddings(knex, [{ ...of(first), vector: [0.25, -1, 3], model_id: 'osnet' }]);
  expect(await reid.matchToEntity(knex, { detectionIds: [1, 2], entityId: entity.id })).toBe(1);
  await reid.upsertReidEmbeddings(knex, [{ ...of(first), vector: new Float32Array([1, 0]), model_id: 'clip' }]);
  const [stored] = await reid.findReidVectors(knex, [first]);
  expect(stored).toMatchObject({
    vector: [1, 0],
    dimension: 2,
    model_id: 'clip',
    embedding_hash: createHash('sha256')
      .update(encodeVector([1, 0]))
      .digest('hex'),
    entity_id: entity.id,
  });
  expect(await reid.listReidVectors(knex, JANUARY)).toEqual([stored]);
  await entities.deleteEntity(knex, entity.id);
  expect((await reid.findReidVectors(knex, [first]))[0]?.entity_id).toBeNull();
});

test('sightings of an entity come in footage order over cameras and months, the newest ones when limited', async () => {
  const { knex } = own;
  const { id } = await entities.insertEntity(knex, entityFromDetection({ type: 'person' }));
  expect(await reid.listSightings(knex, id)).toEqual([]);
  await reid.upsertReidEmbeddings(
    knex,
    KEYS.map((key) => ({ ...of(key), vector: [1], model_id: 'osnet' })),
  );
  await reid.matchToEntity(knex, { detectionIds: [4, 3, 1], entityId: id });
  const sightings = await reid.listSightings(knex, id);
  expect(sightings.map((row) => [row.detection_id, row.camera_id, row.detected_at])).toEqual([
    [1, 'gate', first.detectedAt],
    [3, 'yard', yards.detectedAt],
    [4, 'gate', march.detectedAt],
  ]);
  expect(await reid.listSightings(knex, id, { limit: 2 })).toEqual(sightings.slice(1));
  expect(await reid.matchToEntity(knex, { detectionIds: [3], entityId: null })).toBe(1);
  expect(await reid.listSightings(knex, id)).toHaveLength(2);
});

test('an entity is stored as it was made, and without a time it is seen now', async () => {
  const { knex } = own;
  const at = TIMES[0]!;
  const made = entityFromDetection({ type: 'vehicle', embedding: [0.5], metadata: { name: 'Van' }, trust: 'trusted', detectionId: 1, at });
  const stored = await entities.insertEntity(knex, made);
  expect(stored).toEqual({ id: stored.id, ...made });
  expect(await entities.findEntity(knex, stored.id)).toEqual(stored);
  const now = await entities.insertEntity(knex, entityFromDetection({ type: 'animal' }));
  expect(now.first_seen_at).toEqual(now.last_seen_at);
  expect(Math.abs(now.last_seen_at.getTime() - Date.now())).toBeLessThan(60_000);
  expect(await entities.findEntity(knex, randomUUID())).toBeUndefined();
});

test('a changed entity keeps what was not named', async () => {
  const { knex } = own;
  const made = await entities.insertEntity(knex, entityFromDetection({ type: 'person', embedding: [1], at: TIMES[0]! }));
  expect(await entities.updateEntity(knex, made.id, {})).toEqual(made);
  const patch = { trust_status: 'untrusted', entity_metadata: { name: 'Ann' }, embedding_vector: null } as const;
  expect(await entities.updateEntity(knex, made.id, patch)).toEqual({ ...made, ...patch });
  expect(await entities.updateEntity(knex, randomUUID(), patch)).toBeUndefined();
});

test('entities are listed by type, trust, sightings and last sighting, the one seen last first', async () => {
  const { knex } = own;
  await knex('entities').delete();
  expect(await entities.listEntities(knex)).toEqual([]);
  const names = new Map<string, string>();
  for (const [name, type, trust, at] of [
    ['a', 'person', 'unknown', TIMES[0]!],
    ['b', 'vehicle', 'trusted', TIMES[3]!],
    ['c', 'person', 'trusted', TIMES[1]!],
  ] as const) {
    names.set((await entities.insertEntity(knex, entityFromDetection({ type, trust, at }))).id, name);
  }
  const list = async (options?: Parameters<typeof entities.listEntities>[1]): Promise<string> =>
    (await entities.listEntities(knex, options)).map((row) => names.get(row.id)).join('');
  expect(await list()).toBe('bca');
  expect(await list({ limit: 1 })).toBe('b');
  expect(await list({ filters: { types: ['person'] } })).toBe('ca');
  expect(await list({ filters: { types: [] } })).toBe('');
  expect(await list({ filters: { trust: ['trusted', 'untrusted'] } })).toBe('bc');
  expect(await list({ filters: { minDetections: 2 } })).toBe('');
  expect(await list({ filters: { since: TIMES[0]!, until: TIMES[1]! } })).toBe('ca');
});

test('sightings that are recorded at once all count, and agree with updateSeen', async () => {
  const { knex } = own;
  const made = await entities.insertEntity(knex, entityFromDetection({ type: 'person', at: TIMES[1]! }));
  const seen = [...TIMES, ...TIMES];
  await Promise.all(seen.map((at) => entities.recordSighting(knex, made.id, at)));
  const expected = { ...made, ...seen.reduce(updateSeen, made) };
  expect(await entities.findEntity(knex, made.id)).toEqual(expected);
  expect(expected).toMatchObject({ detection_count: 9, first_seen_at: TIMES[0], last_seen_at: TIMES[3] });
  expect(await entities.recordSighting(knex, randomUUID(), TIMES[0]!)).toBeUndefined();
});

test('merged entities share sightings, times and count; name and trust of the one that stays are kept', async () => {
  const { knex } = own;
  await reid.upsertReidEmbeddings(
    knex,
    KEYS.map((key) => ({ ...of(key), vector: [1], model_id: 'osnet' })),
  );
  const make = async (index: number, name: string): Promise<entities.EntityRow> => {
    const entity = await entities.insertEntity(
      knex,
      entityFromDetection({ type: 'person', at: TIMES[index]!, metadata: { name }, detectionId: index + 1 }),
    );
    await reid.matchToEntity(knex, { detectionIds: [index + 1], entityId: entity.id });
    return entity;
  };
  const [stays, goes] = [await make(1, 'Ann'), await make(3, 'Anne')];
  const merge = async (from: string, into: string): Promise<entities.EntityRow | undefined> =>
    knex.transaction((trx) => entities.mergeEntities(trx, { from, into }));
  expect(await merge(stays.id, stays.id)).toBeUndefined();
  expect(await merge(randomUUID(), stays.id)).toBeUndefined();
  expect(await merge(goes.id, randomUUID())).toBeUndefined();
  expect(await entities.findEntity(knex, goes.id)).toEqual(goes);
  expect(await merge(goes.id, stays.id)).toEqual({ ...stays, last_seen_at: TIMES[3], detection_count: 2 });
  expect(await entities.findEntity(knex, goes.id)).toBeUndefined();
  expect((await reid.listSightings(knex, stays.id)).map((row) => row.detection_id)).toEqual([2, 4]);
});

test('two entities that are merged into each other at once become one, and nothing is counted twice or lost', async () => {
  const { knex } = own;
  for (let round = 0; round < 5; round++) {
    const one = await entities.insertEntity(knex, entityFromDetection({ type: 'person', at: TIMES[0]! }));
    const two = await entities.insertEntity(knex, entityFromDetection({ type: 'person', at: TIMES[1]! }));
    const merge = async (from: string, into: string): Promise<entities.EntityRow | undefined> =>
      knex.transaction((trx) => entities.mergeEntities(trx, { from, into }));
    const merged = await Promise.all([merge(one.id, two.id), merge(two.id, one.id)]);
    const left = await knex('entities').whereIn('id', [one.id, two.id]);
    expect(left).toEqual(merged.filter((row) => row !== undefined));
    expect(left).toMatchObject([{ detection_count: 2, first_seen_at: TIMES[0], last_seen_at: TIMES[1] }]);
  }
});

test('the best detection of an entity is stored only when it exists in some month', async () => {
  const { knex } = own;
  const made = await entities.insertEntity(knex, entityFromDetection({ type: 'person' }));
  const primary = async (): Promise<number | null | undefined> => (await entities.findEntity(knex, made.id))?.primary_detection_id;
  const set = async (id: number | null): Promise<boolean> => (await setPrimaryDetectionValidated(knex, made, id)).ok;
  expect([await set(4), await primary()]).toEqual([true, 4]);
  for (const absurd of [999, 0, -1, 1.5, 2 ** 60, Number.NaN]) expect([await set(absurd), await primary()]).toEqual([false, 4]);
  expect([await set(null), await primary()]).toEqual([true, null]);
  expect(await setPrimaryDetectionValidated(knex, made, 999)).toEqual({ ok: false, message: 'there is no detection 999' });
  expect(await setPrimaryDetectionValidated(knex, { id: randomUUID() }, 4)).toMatchObject({ ok: false });
});

test.each([
  [null, true],
  [1, true],
  [4, true],
  [999, false],
  [2 ** 60, false],
])('an entity whose best detection is %j is valid: %j', async (id, ok) => {
  expect((await validatePrimaryDetection(own.knex, { primary_detection_id: id })).ok).toBe(ok);
});
