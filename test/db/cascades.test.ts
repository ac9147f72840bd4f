import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { DATA_TABLES } from '../../src/db/models/clear-data.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { clearData } from '../../src/services/database/clear-data.ts';
import { deleteCamera } from '../../src/services/cameras/delete-camera.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { RUN_ID } from './answers/seed.ts';
import { ENTITY_ID, JOB_ID, RULE_ID, seedHouse, type House } from './seed-house.ts';

let db: TestDatabase;
let house: House;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  house = await seedHouse(db.knex);
});

afterEach(async () => {
  for (const table of [
    'events',
    'cameras',
    'households',
    'runs',
    'jobs',
    'entities',
    'alert_rules',
    'experiment_results',
    'summaries',
    'gpu_stats',
    'audit_logs',
    'logs',
    'user_calibration',
  ])
    await db.knex(table).delete();
});

afterAll(() => db.drop());

/** Numbers of rows of the tables that changed, as `before → after`. */
async function changesOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await countAll();
  await act();
  const after = await countAll();
  return Object.fromEntries(
    Object.entries(before).flatMap(([table, rows]) => (after[table] === rows ? [] : [[table, (after[table] ?? 0) - rows]])),
  );
}

async function countAll(): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of await tablesOfSchema()) {
    const [row] = await db.knex(table).count<{ count: number }[]>();
    counts[table] = row!.count;
  }
  return counts;
}

async function tablesOfSchema(): Promise<string[]> {
  const { rows } = await db.knex.raw<{ rows: { name: string }[] }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition
        AND relname NOT LIKE 'knex%' ORDER BY 1`,
  );
  return rows.map(({ name }) => name);
}

const remove = (table: string, id: number | string) => (): Promise<unknown> => Promise.resolve(db.knex(table).where({ id }).delete());

const BELOW_DETECTION = {
  event_detections: -1,
  pose_results: -1,
  threat_detections: -1,
  demographics_results: -1,
  reid_embeddings: -1,
  action_results: -1,
  plate_reads: -1,
  face_detection_events: -1,
};
const BELOW_EVENT = { event_detections: -1, alerts: -1, event_audits: -1, event_feedback: -1 };
const BELOW_CAMERA = {
  media_files: -1,
  detections: -1,
  ...BELOW_DETECTION,
  events: -1,
  ...BELOW_EVENT,
  zones: -1,
  scene_changes: -1,
  scene_change_pictures: -1,
  scene_checks: -1,
  scene_checkpoints: -1,
  scene_references: -1,
  activity_hours: -1,
  baseline_states: -1,
  activity_baselines: -1,
  class_baselines: -1,
  camera_calibrations: -1,
  camera_notification_settings: -1,
  camera_areas: -1,
};

test('household: properties, members, vehicles and what is below them go; cameras stay (schema §7)', async () => {
  expect(await changesOf(remove('households', house.household))).toEqual({
    households: -1,
    properties: -1,
    areas: -1,
    camera_areas: -1,
    household_members: -1,
    person_embeddings: -1,
    registered_vehicles: -1,
  });
  expect(await db.knex('cameras').pluck('property_id')).toEqual([null]);
});

test('property: areas and their cameras’ places in them go, the camera stays without site', async () => {
  expect(await changesOf(remove('properties', house.property))).toEqual({ properties: -1, areas: -1, camera_areas: -1 });
  expect(await db.knex('cameras').pluck('property_id')).toEqual([null]);
});

test('area: only what lies in it goes', async () => {
  expect(await changesOf(remove('areas', house.area))).toEqual({ areas: -1, camera_areas: -1 });
});

test('camera: all of its footage and settings go; logs, the audit log and experiments stay', async () => {
  expect(await changesOf(remove('cameras', 'gate'))).toEqual({ cameras: -1, ...BELOW_CAMERA });
  expect(await db.knex('experiment_results').pluck('event_id')).toEqual([null]);
  expect(await db.knex('person_embeddings').pluck('source_event_id')).toEqual([null]);
});

test('the command that deletes a camera removes the same, an entity that nobody knows and only it saw, and adds its audit row', async () => {
  const signal = new AbortController().signal;
  const act = () => deleteCamera(db.database, { id: 'gate', actor: 'x', dryRun: false, confirmed: true, signal });
  expect(await changesOf(act)).toEqual({ cameras: -1, ...BELOW_CAMERA, entities: -1, audit_logs: 1 });
});

test('media file: its detections and what hangs on them go, the event stays', async () => {
  expect(await changesOf(remove('media_files', house.file))).toEqual({
    media_files: -1,
    detections: -1,
    ...BELOW_DETECTION,
    scene_checks: -1,
  });
});

test('detection: memberships and results go; the entity keeps an id that code clears', async () => {
  expect(await changesOf(remove('detections', house.detection))).toEqual({ detections: -1, ...BELOW_DETECTION });
  expect(await db.knex('entities').pluck('primary_detection_id')).toEqual([house.detection]);
});

test('event: what is about it goes; detections, summaries and references stay, unset', async () => {
  expect(await changesOf(remove('events', house.event))).toEqual({ events: -1, ...BELOW_EVENT });
  expect(await db.knex('person_embeddings').pluck('source_event_id')).toEqual([null]);
  expect(await db.knex('experiment_results').pluck('event_id')).toEqual([null]);
  expect(await db.knex('summaries').pluck('event_ids')).toEqual([[house.event]]);
});

test('alert rule: its alerts stay without it', async () => {
  expect(await changesOf(remove('alert_rules', RULE_ID))).toEqual({ alert_rules: -1 });
  expect(await db.knex('alerts').pluck('rule_id')).toEqual([null]);
});

test('entity: sightings stay without it', async () => {
  expect(await changesOf(remove('entities', ENTITY_ID))).toEqual({ entities: -1 });
  expect(await db.knex('reid_embeddings').pluck('entity_id')).toEqual([null]);
});

test('household member: vectors go, vehicles stay without owner', async () => {
  expect(await changesOf(remove('household_members', house.member))).toEqual({ household_members: -1, person_embeddings: -1 });
  expect(await db.knex('registered_vehicles').pluck('owner_id')).toEqual([null]);
});

test('job: its history goes, the run stays without it', async () => {
  expect(await changesOf(remove('jobs', JOB_ID))).toEqual({ jobs: -1, job_attempts: -1, job_logs: -1, job_transitions: -1 });
  expect(await db.knex('runs').pluck('job_id')).toEqual([null]);
});

test('run: refused while files, detections or events name it; GPU samples may dangle', async () => {
  const refused = { code: '23503' };
  await expect(remove('runs', RUN_ID)()).rejects.toMatchObject(refused);
  await db.knex('events').update({ run_id: null });
  await expect(remove('runs', RUN_ID)()).rejects.toMatchObject(refused);
  await db.knex('media_files').delete();
  expect(await changesOf(remove('runs', RUN_ID))).toEqual({ runs: -1 });
  expect(await db.knex('gpu_stats').pluck('run_id')).toEqual([RUN_ID]);
});

test('clear data: everything from footage goes, what a user set up stays, and it is recorded', async () => {
  const kept = (await tablesOfSchema()).filter((table) => !DATA_TABLES.some((data) => data === table));
  const before = await countAll();
  const options = { actor: 'tester', dryRun: false, confirmed: true };
  const [event] = await db.knex('events').pluck('id');
  await db.knex('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'Ann' });
  await expect(clearData(db.database, { ...options, confirmed: false })).rejects.toThrow('1 event held as evidence among them');
  const { rows, holds_in_force } = await clearData(db.database, options);
  expect(holds_in_force).toBe(1);
  const after = await countAll();
  for (const table of DATA_TABLES) expect(after[table], table).toBe(0);
  for (const table of kept) expect(after[table], table).toBe((before[table] ?? 0) + (table === 'audit_logs' ? 1 : 0));
  expect(rows).toMatchObject({ detections: 1, events: 1, media_files: 1, runs: 1, jobs: 1 });
  expect(await db.knex('audit_logs').orderBy('id', 'desc').first()).toMatchObject({
    action: 'data_cleared',
    actor: 'tester',
    details: { rows, holds_in_force: 1 },
  });
  expect(await clearData(db.database, options)).toEqual({ rows: {}, holds_in_force: 0 });
});

test('every table is either data or something that stays', async () => {
  const kept = (await tablesOfSchema()).filter((table) => !DATA_TABLES.some((data) => data === table));
  expect(kept).toEqual([
    'alert_rules',
    'api_keys',
    'areas',
    'audit_logs',
    'camera_areas',
    'camera_calibrations',
    'camera_notification_settings',
    'cameras',
    'experiments',
    'household_members',
    'households',
    'logs',
    'notification_preferences',
    'person_embeddings',
    'prompt_configs',
    'prompt_versions',
    'properties',
    'quiet_hours_periods',
    'registered_vehicles',
    'schedules',
    'user_calibration',
    'zones',
  ]);
});

test('a reset needs confirmation and no run at work, and can be looked at first', async () => {
  const options = { actor: 'x', dryRun: false, confirmed: true };
  await expect(clearData(db.database, { ...options, confirmed: false })).rejects.toMatchObject({ exitCode: 2, code: 'not_confirmed' });
  const session = await openLockSession(db.database);
  await lockRun(session, uuidV7());
  await expect(clearData(db.database, options)).rejects.toMatchObject({ exitCode: 11 });
  await session.close();
  expect(await changesOf(() => clearData(db.database, { ...options, dryRun: true }))).toEqual({});
});
