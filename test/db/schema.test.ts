import { afterAll, beforeAll, expect, test } from 'vitest';

import * as enums from '../../src/domain/enums.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(async () => {
  await own.drop();
});

const ENUM_COLUMNS: [table: string, column: string, values: readonly string[]][] = [
  ['cameras', 'status', enums.CAMERA_STATUSES],
  ['cameras', 'recording', enums.RECORDING_MODES],
  ['media_files', 'media_type', enums.MEDIA_TYPES],
  ['media_files', 'status', enums.MEDIA_FILE_STATUSES],
  ['media_files', 'captured_at_source', enums.CAPTURED_AT_SOURCES],
  ['media_files', 'time_confidence', enums.TIME_CONFIDENCES],
  ['detections', 'media_type', enums.MEDIA_TYPES],
  ['detections', 'time_source', enums.CAPTURED_AT_SOURCES],
  ['events', 'risk_level', enums.SEVERITIES],
  ['events', 'risk_source', enums.RISK_SOURCES],
  ['events', 'analysis_status', enums.ANALYSIS_STATUSES],
  ['jobs', 'status', enums.JOB_STATUSES],
  ['job_attempts', 'status', enums.JOB_ATTEMPT_STATUSES],
  ['job_logs', 'level', enums.LOG_LEVELS],
  ['job_transitions', 'triggered_by', enums.JOB_TRANSITION_TRIGGERS],
  ['export_jobs', 'status', enums.EXPORT_JOB_STATUSES],
  ['export_jobs', 'export_type', enums.EXPORT_TYPES],
  ['export_jobs', 'export_format', enums.EXPORT_FORMATS],
  ['schedules', 'missed', enums.MISSED_POLICIES],
  ['schedules', 'last_fate', enums.SCHEDULE_FATES],
  ['audit_logs', 'action', enums.AUDIT_ACTIONS],
  ['audit_logs', 'status', enums.AUDIT_STATUSES],
  ['logs', 'level', enums.APP_LOG_LEVELS],
  ['logs', 'source', enums.LOG_SOURCES],
  ['entities', 'entity_type', enums.ENTITY_TYPES],
  ['entities', 'trust_status', enums.TRUST_STATUSES],
  ['pose_results', 'pose_class', enums.POSE_CLASSES],
  ['threat_detections', 'threat_type', enums.THREAT_TYPES],
  ['threat_detections', 'severity', enums.SEVERITIES],
  ['demographics_results', 'age_range', enums.AGE_RANGES],
  ['demographics_results', 'gender', enums.GENDERS],
  ['scene_changes', 'change_type', enums.SCENE_CHANGE_TYPES],
  ['zones', 'zone_type', enums.ZONE_TYPES],
  ['zones', 'shape', enums.ZONE_SHAPES],
];

test.each(ENUM_COLUMNS)('%s.%s allows exactly the values of its enum', async (table, column, values) => {
  const { rows } = await own.knex.raw<{ rows: { definition: string }[] }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = ? AND conrelid = ?::regclass`,
    [`ck_${table}_${column}`, table],
  );
  const allowed = [...(rows[0]?.definition ?? '').matchAll(/'([^']+)'::(?:text|character varying)/g)].map((match) => match[1]);
  expect(allowed).toEqual([...values]);
});

const INDEXES: [table: string, names: string[]][] = [
  ['cameras', ['cameras_pkey', 'idx_cameras_folder_path_unique', 'idx_cameras_name_unique', 'idx_cameras_property_id']],
  [
    'events',
    [
      'events_pkey',
      'idx_events_analysis_queue',
      'idx_events_batch_id',
      'idx_events_camera_id',
      'idx_events_camera_id_ended_at',
      'idx_events_camera_id_started_at',
      'idx_events_export_covering',
      'idx_events_high_risk',
      'idx_events_object_types_trgm',
      'idx_events_reviewed',
      'idx_events_risk_level_started_at',
      'idx_events_risk_score',
      'idx_events_search_vector',
      'idx_events_started_at',
      'idx_events_to_score',
      'idx_events_unreviewed',
      'ix_events_started_at_brin',
    ],
  ],
  [
    'detections',
    [
      'detections_pkey',
      'idx_detections_camera_id',
      'idx_detections_camera_time',
      'idx_detections_detected_at',
      'idx_detections_enrichment_data',
      'idx_detections_labels',
      'idx_detections_media_file_id',
      'idx_detections_object_type_time',
    ],
  ],
];

test.each(INDEXES)('%s has the documented indexes', async (table, names) => {
  const found = await own.knex('pg_indexes').where({ tablename: table }).orderBy('indexname').pluck<string[]>('indexname');
  expect(found).toEqual(names);
});

test('an event is found by inflected words of its text and by the words of its camera name, old and new', async () => {
  const { knex } = own;
  await knex('cameras').insert({ id: 'front_door', name: 'Front Door', folder_path: '/footage/front' });
  await knex('events').insert({
    batch_id: 'b1',
    camera_id: 'front_door',
    started_at: new Date(0),
    object_types: 'person,car',
    summary: 'A man was running',
  });
  const finds = async (words: string): Promise<boolean> =>
    (await knex('events').whereRaw(`search_vector @@ websearch_to_tsquery('english', ?)`, [words])).length === 1;
  expect(await finds('run')).toBe(true);
  expect(await finds('car')).toBe(true);
  expect(await finds('door')).toBe(true);
  expect(await finds('garage')).toBe(false);
  await knex('cameras').where({ id: 'front_door' }).update({ name: 'Garage_left' });
  expect(await finds('garage')).toBe(true);
  expect(await finds('door')).toBe(false);
});
