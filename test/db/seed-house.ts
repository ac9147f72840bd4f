import type { Knex } from 'knex';

import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { RUN_ID, seedDetection, seedEvent, seedFile } from './answers/seed.ts';

const AT = '2026-01-14T08:00:00Z';
export const JOB_ID = uuidV7();
export const ENTITY_ID = uuidV7();
export const RULE_ID = uuidV7();

export type House = { household: number; property: number; area: number; member: number; file: number; detection: number; event: number };
async function add(knex: Knex, table: string, row: object): Promise<number> {
  const [saved] = await knex(table).insert(row).returning<{ id: number }[]>('*');
  return saved!.id;
}

/** One row at least of every table of schema §7, linked as far as they can be. */
export async function seedHouse(knex: Knex): Promise<House> {
  const household = await add(knex, 'households', { name: 'Home' });
  const property = await add(knex, 'properties', { household_id: household, name: 'House' });
  const area = await add(knex, 'areas', { property_id: property, name: 'Garden' });
  const member = await add(knex, 'household_members', { household_id: household, name: 'Ann', role: 'resident', trusted_level: 'full' });
  await add(knex, 'registered_vehicles', { household_id: household, description: 'van', vehicle_type: 'van', owner_id: member });
  await knex('jobs').insert({ id: JOB_ID, job_type: 'ingest' });
  await knex('job_attempts').insert({ job_id: JOB_ID });
  await knex('job_logs').insert({ job_id: JOB_ID, message: 'x' });
  await knex('job_transitions').insert({ job_id: JOB_ID, from_status: 'queued', to_status: 'running' });
  await knex('runs').insert({ id: RUN_ID, command: 'ingest', hs_version: '0', config_fingerprint: 'x', job_id: JOB_ID });
  await knex('gpu_stats').insert({ run_id: RUN_ID });
  await knex('cameras').insert({ id: 'gate', name: 'Gate', folder_path: '/gate', property_id: property });
  await seedCameraSettings(knex, area);
  const file = await seedFile(knex, { camera: 'gate', at: AT });
  const detection = await seedDetection(knex, { fileId: file, camera: 'gate', at: AT });
  await seedResults(knex, { detection_id: detection.id, detected_at: detection.detected_at });
  await seedContext(knex, file);
  const event = await seedEvent(knex, { camera: 'gate', members: [detection], more: { run_id: RUN_ID } });
  await seedEventChildren(knex, { event, member });
  for (const table of ['logs', 'audit_logs'] as const) await knex(table).insert(LINES[table]);
  return { household, property, area, member, file, detection: detection.id, event };
}

const LINES = {
  logs: { level: 'info', component: 'x', message: 'x', camera_id: 'gate' },
  audit_logs: { action: 'camera_created', resource_type: 'camera', resource_id: 'gate', actor: 'x' },
};

async function seedCameraSettings(knex: Knex, area: number): Promise<void> {
  await knex('camera_areas').insert({ camera_id: 'gate', area_id: area });
  await knex('zones').insert({ id: 'z', camera_id: 'gate', name: 'z', coordinates: '[[0,0],[1,0],[1,1],[0,1]]' });
  await knex('activity_baselines').insert({ camera_id: 'gate', hour: 1, day_of_week: 1 });
  await knex('class_baselines').insert({ camera_id: 'gate', hour: 1, detection_class: 'person' });
  await knex('camera_calibrations').insert({ camera_id: 'gate' });
  await knex('camera_notification_settings').insert({ camera_id: 'gate' });
}

/** What is computed of a camera's footage beside detections. */
async function seedContext(knex: Knex, file: number): Promise<void> {
  const change = await add(knex, 'scene_changes', { camera_id: 'gate', detected_at: AT, similarity_score: 0.5 });
  await knex('scene_change_pictures').insert({ scene_change_id: change });
  const frame = { media_file_id: file, frame_offset_ms: 0, frame_width: 1, frame_height: 1 };
  await knex('scene_checks').insert({ ...frame, camera_id: 'gate', checked_at: AT, mode: 'day' });
  await knex('scene_checkpoints').insert({ camera_id: 'gate', reached_at: AT, looks: 1, state: '{}' });
  await knex('scene_references').insert({ camera_id: 'gate', mode: 'day', origin: 'reset', valid_from: AT });
  await knex('activity_hours').insert({ camera_id: 'gate', local_date: '2026-01-14', hour: 8, started_at: AT });
  await knex('baseline_states').insert({ camera_id: 'gate' });
}

async function seedResults(knex: Knex, key: { detection_id: number; detected_at: Date }): Promise<void> {
  await knex('entities').insert({ id: ENTITY_ID, primary_detection_id: key.detection_id });
  await knex('pose_results').insert(key);
  await knex('action_results').insert(key);
  await knex('demographics_results').insert(key);
  const located = { ...key, camera_id: 'gate', bbox: '[1,2,3,4]', model_id: 'm' };
  await knex('plate_reads').insert({ ...located, read_at: key.detected_at, detection_confidence: 1 });
  await knex('face_detection_events').insert({ ...located, seen_at: key.detected_at, confidence: 1 });
  await knex('threat_detections').insert({ ...key, threat_type: 'gun', confidence: 1, severity: 'high' });
  await knex('reid_embeddings').insert({ ...key, embedding: Buffer.alloc(4), dimension: 1, model_id: 'm', entity_id: ENTITY_ID });
}

async function seedEventChildren(knex: Knex, { event, member }: { event: number; member: number }): Promise<void> {
  await knex('alert_rules').insert({ id: RULE_ID, name: 'r' });
  await knex('alerts').insert({ event_id: event, rule_id: RULE_ID, dedup_key: 'k', occurred_at: AT });
  await knex('event_audits').insert({ event_id: event });
  await knex('event_feedback').insert({ event_id: event, feedback_type: 'correct' });
  await knex('person_embeddings').insert({
    member_id: member,
    embedding: Buffer.alloc(4),
    dimension: 1,
    model_id: 'm',
    source_event_id: event,
  });
  const scores = { v1_risk_score: 1, v2_risk_score: 2, v1_latency_ms: 1, v2_latency_ms: 1 };
  await knex('experiment_results').insert({ experiment_name: 'e', experiment_version: '1', camera_id: 'gate', event_id: event, ...scores });
  await knex('summaries').insert({
    summary_type: 'daily',
    content: 'x',
    event_count: 1,
    event_ids: [event],
    window_start: AT,
    window_end: '2026-01-15',
  });
}
