import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { ensureDetectionPartitions } from '../../../src/db/partitions.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

const AT = new Date('2026-01-14T08:15:30.123Z');
const CAMERA = { id: 'gate', name: 'Gate', folder_path: '/footage/gate' };
const KEY = { detection_id: 1, detected_at: AT };

/** A row of each table that the database takes. */
const GOOD: Readonly<Record<string, Record<string, unknown>>> = {
  entities: { first_seen_at: AT, last_seen_at: AT, embedding_vector: '{}', entity_metadata: '{}' },
  pose_results: { ...KEY, confidence: 1 },
  threat_detections: { ...KEY, threat_type: 'knife', confidence: 0, severity: 'critical' },
  demographics_results: { ...KEY, age_confidence: 0, gender_confidence: 1 },
  reid_embeddings: { ...KEY, embedding: Buffer.alloc(8), dimension: 2, model_id: 'osnet' },
  action_results: { ...KEY, confidence: 0.5 },
  plate_reads: { ...KEY, camera_id: 'gate', read_at: AT, bbox: '[0,0,9,3]', model_id: 'lpd', detection_confidence: 1 },
  face_detection_events: {
    ...KEY,
    camera_id: 'gate',
    seen_at: AT,
    bbox: '[0,0,9,9]',
    model_id: 'yunet',
    confidence: 1,
    quality_score: 100,
  },
  scene_changes: { camera_id: 'gate', similarity_score: 1, acknowledged: true, acknowledged_at: AT },
  zones: { id: 'é'.repeat(50), camera_id: 'gate', name: 'Drive', coordinates: '[[0,0],[1,0],[1,1],[0,1]]', color: '#00fFa9' },
  activity_baselines: { camera_id: 'gate', hour: 23, day_of_week: 6, avg_count: 0, sample_count: 0 },
  class_baselines: { camera_id: 'gate', hour: 0, detection_class: 'person', frequency: 1e300 },
};
const TABLES = Object.keys(GOOD);

beforeAll(async () => {
  own = await createTestDatabase();
  const { knex } = own;
  await knex('cameras').insert(CAMERA);
  await ensureDetectionPartitions(knex, [AT]);
  await knex('detections').insert({ id: 1, camera_id: 'gate', file_path: '/footage/gate/1.jpg', detected_at: AT });
});

afterAll(async () => {
  await own.drop();
});

/** Tries a row and takes it back. */
async function tryRow(table: string, patch: Record<string, unknown> = {}): Promise<void> {
  const undo = new Error('taken');
  await own.knex
    .transaction(async (trx) => {
      await trx(table).insert({ ...GOOD[table], ...patch });
      throw undo;
    })
    .catch((error: unknown) => {
      if (error !== undo) throw error;
    });
}

test.each(TABLES)('%s takes a good row', async (table) => {
  await tryRow(table);
});

test('a result, its detection known by id alone, is refused: the time belongs to the key', async () => {
  await expect(tryRow('pose_results', { detected_at: new Date(AT.getTime() + 1) })).rejects.toMatchObject({
    code: '23503',
    constraint: 'fk_pose_results_detection',
  });
});

const POINTS = (count: number): string => JSON.stringify(Array.from({ length: count }, () => [0, 0]));

const REFUSED: [constraint: string, table: string, patch: Record<string, unknown>][] = [
  ['ck_entities_entity_type', 'entities', { entity_type: 'Person' }],
  ['ck_entities_trust_status', 'entities', { trust_status: '' }],
  ['ck_entities_detection_count', 'entities', { detection_count: -1 }],
  ['ck_entities_seen_order', 'entities', { last_seen_at: new Date(AT.getTime() - 1) }],
  ['ck_entities_json', 'entities', { embedding_vector: '[1, 2]' }],
  ['ck_entities_json', 'entities', { entity_metadata: '"x"' }],
  ['ck_pose_results_pose_class', 'pose_results', { pose_class: 'flying' }],
  ['ck_pose_results_confidence_range', 'pose_results', { confidence: 1.0000001 }],
  ['ck_pose_results_confidence_range', 'pose_results', { confidence: 'NaN' }],
  ['ck_threat_detections_threat_type', 'threat_detections', { threat_type: 'spoon' }],
  ['ck_threat_detections_severity', 'threat_detections', { severity: 'none' }],
  ['ck_threat_detections_confidence_range', 'threat_detections', { confidence: -0.1 }],
  ['ck_demographics_results_age_range', 'demographics_results', { age_range: '0-5' }],
  ['ck_demographics_results_gender', 'demographics_results', { gender: 'other' }],
  ['ck_demographics_results_age_confidence_range', 'demographics_results', { age_confidence: 2 }],
  ['ck_demographics_results_gender_confidence_range', 'demographics_results', { gender_confidence: -1 }],
  ['ck_plate_reads_detection', 'plate_reads', { detection_id: null }],
  ['ck_plate_reads_bbox', 'plate_reads', { bbox: '[1,2,3]' }],
  ['ck_plate_reads_confidence_range', 'plate_reads', { detection_confidence: 1.1 }],
  ['ck_plate_reads_confidence_range', 'plate_reads', { plate_text: 'AB1', ocr_confidence: -0.1 }],
  ['ck_plate_reads_quality_range', 'plate_reads', { image_quality_score: 101 }],
  ['ck_plate_reads_text', 'plate_reads', { plate_text: 'AB1' }],
  ['ck_face_detection_events_detection', 'face_detection_events', { detected_at: null }],
  ['ck_face_detection_events_bbox', 'face_detection_events', { bbox: '{}' }],
  ['ck_face_detection_events_confidence_range', 'face_detection_events', { confidence: -1 }],
  ['ck_face_detection_events_quality_range', 'face_detection_events', { quality_score: -1 }],
  ['ck_reid_embeddings_embedding', 'reid_embeddings', { embedding: Buffer.alloc(7) }],
  ['ck_reid_embeddings_embedding', 'reid_embeddings', { dimension: 3 }],
  ['ck_reid_embeddings_embedding', 'reid_embeddings', { embedding: Buffer.alloc(0), dimension: 0 }],
  ['ck_reid_embeddings_similarity', 'reid_embeddings', { similarity: 1.5 }],
  ['ck_reid_embeddings_one_identity', 'reid_embeddings', { entity_id: '00000000-0000-7000-8000-000000000001', member_id: 1 }],
  ['ck_action_results_confidence_range', 'action_results', { confidence: 'Infinity' }],
  ['ck_scene_changes_change_type', 'scene_changes', { change_type: 'blocked' }],
  ['ck_scene_changes_similarity_range', 'scene_changes', { similarity_score: -0.6294 }],
  ['ck_scene_changes_acknowledged', 'scene_changes', { acknowledged: false }],
  ['ck_scene_changes_mode', 'scene_changes', { mode: 'dusk' }],
  ['ck_scene_changes_reason', 'scene_changes', { reason: 'spider' }],
  ['ck_scene_changes_ended', 'scene_changes', { ended_at: '1990-01-01T00:00:00Z' }],
  ['ck_zones_id', 'zones', { id: '' }],
  ['ck_zones_id', 'zones', { id: `${'é'.repeat(50)}x` }],
  ['ck_zones_zone_type', 'zones', { zone_type: 'lawn' }],
  ['ck_zones_shape', 'zones', { shape: 'circle' }],
  ['ck_zones_priority_non_negative', 'zones', { priority: -1 }],
  ['ck_zones_color_hex', 'zones', { color: '#FFF' }],
  ['ck_zones_color_hex', 'zones', { color: '3B82F6' }],
  ['ck_zones_coordinates', 'zones', { coordinates: '{}' }],
  ['ck_zones_coordinates', 'zones', { coordinates: '"[]"' }],
  ['ck_zones_coordinates', 'zones', { coordinates: '[]' }],
  ['ck_zones_coordinates', 'zones', { coordinates: POINTS(2), shape: 'polygon' }],
  ['ck_zones_coordinates', 'zones', { coordinates: POINTS(101), shape: 'polygon' }],
  ['ck_zones_coordinates', 'zones', { coordinates: POINTS(3) }],
  ['ck_zones_coordinates', 'zones', { coordinates: POINTS(5) }],
  ['ck_zones_purpose', 'zones', { purpose: 'mask' }],
  ['ck_zones_anchor', 'zones', { anchor: 'bottom' }],
  ['ck_zones_classes', 'zones', { classes: '[]' }],
  ['ck_zones_classes', 'zones', { classes: 'null' }],
  ['ck_zones_classes', 'zones', { classes: '"person"' }],
  ['ck_activity_baselines_hour_range', 'activity_baselines', { hour: 24 }],
  ['ck_activity_baselines_hour_range', 'activity_baselines', { hour: -1 }],
  ['ck_activity_baselines_dow_range', 'activity_baselines', { day_of_week: 7 }],
  ['ck_activity_baselines_values', 'activity_baselines', { avg_count: -1e-9 }],
  ['ck_activity_baselines_values', 'activity_baselines', { avg_count: 'NaN' }],
  ['ck_activity_baselines_values', 'activity_baselines', { avg_count: 'Infinity' }],
  ['ck_activity_baselines_values', 'activity_baselines', { sample_count: -1 }],
  ['ck_class_baselines_hour_range', 'class_baselines', { hour: 24 }],
  ['ck_class_baselines_values', 'class_baselines', { frequency: 'NaN' }],
  ['ck_class_baselines_values', 'class_baselines', { sample_count: -1 }],
];

test.each(REFUSED)('%s refuses a row of %s with %j', async (constraint, table, patch) => {
  await expect(tryRow(table, patch)).rejects.toMatchObject({ code: '23514', constraint });
});

test('polygons of 3 and of 100 corners are taken', async () => {
  for (const count of [3, 100]) await tryRow('zones', { shape: 'polygon', coordinates: POINTS(count) });
});

test('every CHECK of these tables is among those refused above', async () => {
  const names = await own
    .knex('pg_constraint')
    .where({ contype: 'c' })
    .whereRaw('conrelid = ANY (?::regclass[])', [TABLES])
    .orderBy('conname')
    .pluck<string[]>('conname');
  expect([...new Set(REFUSED.map(([name]) => name))].sort()).toEqual(names);
});

const DANGLING: [constraint: string, table: string, patch: Record<string, unknown>][] = [
  ...[
    'pose_results',
    'threat_detections',
    'demographics_results',
    'reid_embeddings',
    'action_results',
    'plate_reads',
    'face_detection_events',
  ].map((table): [string, string, Record<string, unknown>] => [`fk_${table}_detection`, table, { detection_id: 2 }]),
  ['fk_reid_embeddings_entity_id', 'reid_embeddings', { entity_id: randomUUID() }],
  ...['scene_changes', 'zones', 'activity_baselines', 'class_baselines', 'plate_reads', 'face_detection_events'].map(
    (table): [string, string, Record<string, unknown>] => [`fk_${table}_camera_id`, table, { camera_id: 'gone' }],
  ),
];

test.each(DANGLING)('%s refuses a row of %s with %j', async (constraint, table, patch) => {
  await expect(tryRow(table, patch)).rejects.toMatchObject({ code: '23503', constraint });
});

test.each([
  ['uq_pose_results_detection_id', 'pose_results'],
  ['uq_demographics_results_detection_id', 'demographics_results'],
  ['uq_reid_embeddings_detection_id', 'reid_embeddings'],
  ['uq_action_results_detection_id', 'action_results'],
  ['uq_scene_changes_camera_time', 'scene_changes'],
  ['uq_activity_baselines_slot', 'activity_baselines'],
  ['uq_class_baselines_slot', 'class_baselines'],
])('%s refuses the same again', async (constraint, table) => {
  const twice = [{ ...GOOD[table] }, { ...GOOD[table] }];
  await expect(own.knex(table).insert(twice)).rejects.toMatchObject({ code: '23505', constraint });
});

test('with a camera go its zones, scene changes, baselines and the results of its detections; entities stay', async () => {
  const { knex } = own;
  await knex('cameras').insert({ id: 'yard', name: 'Yard', folder_path: '/footage/yard' });
  await knex('detections').insert({ id: 5, camera_id: 'yard', file_path: '/footage/yard/1.jpg', detected_at: AT });
  const mine = { camera_id: 'yard', detection_id: 5 };
  const entity = await knex('entities')
    .insert({ ...GOOD['entities'], primary_detection_id: 5 })
    .returning<{ id: string }[]>('id');
  for (const table of TABLES.slice(1)) {
    const keys = Object.fromEntries(Object.entries(mine).filter(([key]) => key in GOOD[table]!));
    await knex(table).insert({ ...GOOD[table], ...keys });
  }
  await knex('cameras').where({ id: 'yard' }).delete();
  const counts = await Promise.all(TABLES.map(async (table) => [table, (await knex(table)).length]));
  expect(Object.fromEntries(counts)).toEqual(Object.fromEntries(TABLES.map((table) => [table, table === 'entities' ? 1 : 0])));
  await knex('entities').where({ id: entity[0]!.id }).delete();
});

test('a detection that moves to another month takes its results along', async () => {
  const { knex } = own;
  const later = new Date('2026-02-01T00:00:00.001Z');
  await ensureDetectionPartitions(knex, [later]);
  await knex('pose_results').insert(GOOD['pose_results']!);
  await knex('threat_detections').insert(GOOD['threat_detections']!);
  await knex('detections').where({ id: 1, detected_at: AT }).update({ detected_at: later });
  expect(await knex('pose_results').pluck('detected_at')).toEqual([later]);
  expect(await knex('threat_detections').pluck('detected_at')).toEqual([later]);
  await knex('detections').where({ id: 1, detected_at: later }).update({ detected_at: AT });
});
