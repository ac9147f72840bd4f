import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { dropMonth } from '../../src/db/drop-month.ts';
import { listDetectionPartitions } from '../../src/db/queries/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await db.knex('cameras').delete();
  await db.knex('entities').delete();
  for (const { name } of await listDetectionPartitions(db.knex)) await dropMonth(db.knex, name, () => Promise.resolve());
});

afterAll(() => db.drop());

const ENTITY_ID = '0192f0c0-0000-7000-8000-00000000e001';

async function seedMonth(camera: string, at: string): Promise<{ id: number; detected_at: Date }> {
  return seedDetection(db.knex, { fileId: await seedFile(db.knex, { camera, at }), camera, at });
}

async function monthsLeft(): Promise<string[]> {
  return (await listDetectionPartitions(db.knex)).map(({ name }) => name.slice(-8));
}

async function childRows(of: { id: number; detected_at: Date }): Promise<void> {
  const key = { detection_id: of.id, detected_at: of.detected_at };
  await db.knex('pose_results').insert(key);
  const located = { ...key, camera_id: 'gate', bbox: '[1,2,3,4]', model_id: 'm' };
  await db.knex('plate_reads').insert({ ...located, read_at: of.detected_at, detection_confidence: 1 });
  await db.knex('face_detection_events').insert({ ...located, seen_at: of.detected_at, confidence: 1 });
  await db.knex('action_results').insert(key);
  await db.knex('demographics_results').insert(key);
  await db.knex('threat_detections').insert([
    { ...key, threat_type: 'knife', confidence: 0.5, severity: 'high' },
    { ...key, threat_type: 'gun', confidence: 0.5, severity: 'high' },
  ]);
  await db.knex('reid_embeddings').insert({ ...key, embedding: Buffer.alloc(8), dimension: 2, model_id: 'm', entity_id: ENTITY_ID });
}

test('a month goes with all rows that hang on it and nothing of another month (schema §5)', async () => {
  await seedCamera(db.knex, 'gate');
  await db.knex('entities').insert({ id: ENTITY_ID, entity_type: 'person' });
  const old = await seedMonth('gate', '2026-01-31T23:59:50Z');
  const next = await seedMonth('gate', '2026-02-01T00:00:05Z');
  const alone = await seedMonth('gate', '2026-01-10T00:00:00Z');
  for (const one of [old, next]) await childRows(one);
  await db.knex('entities').update({ primary_detection_id: old.id });
  const both = await seedEvent(db.knex, {
    camera: 'gate',
    members: [old, next],
    more: { object_types: 'person,car', detection_ids: `[${old.id},${next.id}]` },
  });
  const whole = await seedEvent(db.knex, { camera: 'gate', members: [alone], more: { detection_ids: `[${alone.id}]` } });

  const dropped = await dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve());

  expect(dropped).toEqual({
    name: 'detections_y2026m01',
    detections: 2,
    children: {
      event_detections: 2,
      pose_results: 1,
      action_results: 1,
      demographics_results: 1,
      threat_detections: 2,
      reid_embeddings: 1,
      plate_reads: 1,
      face_detection_events: 1,
    },
    tracks: 0,
    events_rewritten: 1,
    entities_cleared: 1,
  });
  expect(await monthsLeft()).toEqual(['y2026m02']);
  for (const table of [
    'event_detections',
    'pose_results',
    'threat_detections',
    'reid_embeddings',
    'plate_reads',
    'face_detection_events',
  ]) {
    expect(await db.knex(table).distinct().pluck('detection_id'), table).toEqual([next.id]);
  }
  expect(await db.knex('entities').pluck('primary_detection_id')).toEqual([null]);
  const events = await db.knex('events').orderBy('id').select('id', 'detection_ids', 'object_types', 'detection_count');
  expect(events).toEqual([
    { id: both, detection_ids: `[${next.id}]`, object_types: 'person', detection_count: 1 },
    { id: whole, detection_ids: `[${alone.id}]`, object_types: 'person', detection_count: 1 },
  ]);
  expect(await db.knex('media_files').where({ status: 'done' })).toHaveLength(3);
});

test('tracks that lie wholly in the month go with it', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-31T23:59:50Z');
  const track = (first: string, last: string, detection: number) => ({
    camera_id: 'gate',
    object_class: 'person',
    class_group: 'person',
    first_seen: first,
    last_seen: last,
    closed_at: last,
    first_detection_id: detection,
    detection_count: 1,
    max_score: 1,
    confirmed: true,
  });
  await db
    .knex('tracks')
    .insert([
      track('2026-01-01T00:00:00Z', '2026-01-31T23:59:59.999Z', 1),
      track('2026-01-31T23:59:00Z', '2026-02-01T00:00:00Z', 2),
      track('2025-12-31T23:59:59Z', '2026-01-01T00:00:01Z', 3),
    ]);
  expect(await dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve())).toMatchObject({ tracks: 1 });
  expect(await db.knex('tracks').orderBy('first_detection_id').pluck('first_detection_id')).toEqual([2, 3]);
});

test('what is written beside it is taken back when the drop fails', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await expect(dropMonth(db.knex, 'detections_y2026m01', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await monthsLeft()).toEqual(['y2026m01']);
  expect(await db.knex('detections')).toHaveLength(1);
});

test('tables of later versions that point at detections are cleared too', async () => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await db.knex.raw(`CREATE TABLE later (detection_id bigint, detected_at timestamptz(3),
    FOREIGN KEY (detection_id, detected_at) REFERENCES detections (id, detected_at) ON DELETE SET NULL)`);
  try {
    await db.knex('later').insert({ detection_id: one.id, detected_at: one.detected_at });
    expect(await dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve())).toMatchObject({ children: { later: 1 } });
    expect(await db.knex('later')).toEqual([{ detection_id: null, detected_at: null }]);
  } finally {
    await db.knex.raw('DROP TABLE later');
  }
});

test('waits for those who read', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  const reader = await db.knex.transaction();
  await reader('detections').count();
  const dropping = dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve());
  setTimeout(() => void reader.commit(), 1000);
  expect(await dropping).toMatchObject({ detections: 1 });
});

test('writers go on while the drop is kept waiting by a reader', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-02-10T00:00:00Z');
  const reader = await db.knex.transaction();
  await reader('detections').count();
  const dropping = dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve());
  // A drop that stood before the writers would keep them waiting for the reader, and this loop for ever.
  for (const untilMs = Date.now() + 2500; Date.now() < untilMs;) {
    await db.knex('detections').insert({ camera_id: 'gate', file_path: '/w', detected_at: new Date('2026-02-11T00:00:00Z') });
  }
  await reader.commit();
  expect(await dropping).toMatchObject({ detections: 1 });
});

test('footage of a month that was dropped can come in again', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await dropMonth(db.knex, 'detections_y2026m01', () => Promise.resolve());
  await seedMonth('gate', '2026-01-11T00:00:00Z');
  expect(await monthsLeft()).toEqual(['y2026m01']);
});
