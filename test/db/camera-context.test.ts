import { afterEach, beforeEach, expect, test } from 'vitest';

import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { deleteCamera } from '../../src/services/cameras/delete-camera.ts';
import { mergeCameras } from '../../src/services/cameras/merge-cameras.ts';
import { INITIAL_SCENE_STATE } from '../../src/domain/scene/scene-monitor.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './answers/seed.ts';

/** Zones, baselines, views, entities and household links: what a camera's footage means, when the camera goes or gets another name. */
let db: TestDatabase;

const AT = { gate: '2026-01-10T10:00:00Z', gate_old: '2026-02-10T10:00:00Z', yard: '2026-01-10T12:00:00Z' } as const;
const CAMERAS = ['gate', 'gate_old', 'yard'] as const;
type Camera = (typeof CAMERAS)[number];

const SHARED = uuidV7();
const OF_GATE_OLD = uuidV7();
const NAMED = uuidV7();

/** Of a checkpoint. */
const NOTHING_YET = { scene: INITIAL_SCENE_STATE, references: { day: null, ir: null } };

let member: number;

beforeEach(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  const [household] = await knex('households').insert({ name: 'Home' }).returning<{ id: number }[]>('id');
  const person = { household_id: household!.id, name: 'Ann', role: 'resident', trusted_level: 'full' };
  const [ann] = await knex('household_members').insert(person).returning<{ id: number }[]>('id');
  member = ann!.id;
  await knex('entities').insert([
    { id: SHARED, detection_count: 3 },
    { id: OF_GATE_OLD, detection_count: 1 },
    { id: NAMED, detection_count: 1, entity_metadata: JSON.stringify({ name: 'Postman' }) },
  ]);
  for (const camera of CAMERAS) await seedContext(camera);
});

afterEach(() => db.drop());

async function seedContext(camera: Camera): Promise<void> {
  const { knex } = db;
  const at = AT[camera];
  await seedCamera(knex, camera);
  const fileId = await seedFile(knex, { camera, at });
  const seen = async (offsetMs: number, link: object): Promise<void> => {
    const { id, detected_at } = await seedDetection(knex, { fileId, camera, at, offsetMs });
    const vector = { embedding: Buffer.alloc(4), dimension: 1, model_id: 'm' };
    await knex('reid_embeddings').insert({ detection_id: id, detected_at, ...vector, ...link });
    await knex('entities')
      .where({ id: (link as { entity_id?: string }).entity_id ?? null })
      .update({ primary_detection_id: id });
  };
  await seen(0, { entity_id: SHARED });
  await seen(1, { member_id: member, is_manual: true });
  if (camera === 'gate_old') {
    await seen(2, { entity_id: OF_GATE_OLD });
    await seen(3, { entity_id: NAMED });
  }
  await knex('zones').insert({ id: `z_${camera}`, camera_id: camera, name: 'Porch', coordinates: '[[0,0],[1,0],[1,1],[0,1]]' });
  const [change] = await knex('scene_changes')
    .insert({ camera_id: camera, detected_at: at, similarity_score: 0.5, ended_at: at })
    .returning<{ id: number }[]>('id');
  await knex('scene_change_pictures').insert({ scene_change_id: change!.id, reference: Buffer.from('x') });
  await knex('scene_references').insert({ camera_id: camera, mode: 'day', origin: 'reset', valid_from: at });
  await knex('scene_checkpoints').insert({ camera_id: camera, reached_at: at, looks: 1, state: JSON.stringify(NOTHING_YET) });
  const frame = { media_file_id: fileId, frame_offset_ms: 0, frame_width: 1, frame_height: 1, judged: true };
  await knex('scene_checks').insert({ ...frame, camera_id: camera, checked_at: at, mode: 'day' });
  await knex('activity_hours').insert({ camera_id: camera, local_date: at.slice(0, 10), hour: 10, started_at: at });
  await knex('activity_baselines').insert({ camera_id: camera, hour: 10, day_of_week: 5, avg_count: 1 });
  await knex('class_baselines').insert({ camera_id: camera, hour: 10, detection_class: 'person' });
  await knex('baseline_states').insert({ camera_id: camera });
}

const BY_CAMERA = [
  'zones',
  'scene_changes',
  'scene_references',
  'scene_checkpoints',
  'scene_checks',
  'activity_hours',
  'activity_baselines',
  'class_baselines',
  'baseline_states',
];

const settings = { cameras: {}, detector: { gates: {} } };
const deleting = (id: string, signal = new AbortController().signal): Promise<unknown> =>
  deleteCamera(db.database, { id, actor: 'tester', dryRun: false, confirmed: true, signal });

async function entities(): Promise<Map<string, { detection_count: number; primary_detection_id: number | null }>> {
  const rows = await db
    .knex('entities')
    .select<{ id: string; detection_count: number; primary_detection_id: number | null }[]>(
      'id',
      'detection_count',
      'primary_detection_id',
    );
  return new Map(rows.map(({ id, ...row }) => [id, row]));
}

test('with a camera goes all of its context, and that of others stays', async () => {
  await deleting('gate_old');
  for (const table of BY_CAMERA) expect(await db.knex(table).orderBy('camera_id').pluck('camera_id'), table).toEqual(['gate', 'yard']);
  expect(await db.knex('scene_change_pictures')).toHaveLength(2);
  expect(await db.knex('reid_embeddings')).toHaveLength(4);
  expect(await db.knex('reid_embeddings').where({ member_id: member })).toHaveLength(2);
  expect(await db.knex('household_members')).toHaveLength(1);
});

test('entities lose the sightings of that camera; one that only it saw goes, unless a user named it', async () => {
  await deleting('gate_old');
  const left = await entities();
  expect([...left.keys()].sort()).toEqual([SHARED, NAMED].sort());
  expect(left.get(SHARED)?.detection_count).toBe(2);
  const best = await db
    .knex('detections')
    .where({ id: left.get(SHARED)!.primary_detection_id })
    .pluck('camera_id');
  expect(best).toHaveLength(1);
  expect(left.get(NAMED)).toEqual({ detection_count: 0, primary_detection_id: null });
});

test('a deletion that was stopped has told the entities what is gone so far', async () => {
  await expect(deleting('gate_old', AbortSignal.abort(new Error('stop')))).rejects.toThrow('stop');
  expect(await entities()).toHaveProperty('size', 3);
  await deleting('gate_old');
  expect(await entities()).toHaveProperty('size', 2);
});

test('merging two folder names of one camera keeps zones, findings, users’ references and whom it saw', async () => {
  await mergeCameras(db.database, { from: 'gate_old', into: 'gate', actor: 'tester', dryRun: false, confirmed: true, settings });
  expect(await db.knex('zones').orderBy('id').select('id', 'camera_id')).toEqual([
    { id: 'z_gate', camera_id: 'gate' },
    { id: 'z_gate_old', camera_id: 'gate' },
    { id: 'z_yard', camera_id: 'yard' },
  ]);
  for (const table of ['scene_references', 'scene_checks'])
    expect(await db.knex(table).where({ camera_id: 'gate' }), table).toHaveLength(2);
  expect(await db.knex('reid_embeddings').whereNotNull('entity_id')).toHaveLength(5);
  expect(await db.knex('reid_embeddings').where({ member_id: member, is_manual: true })).toHaveLength(3);
  expect((await entities()).get(SHARED)?.detection_count).toBe(3);
  expect(await db.knex('cameras').orderBy('id').pluck('id')).toEqual(['gate', 'yard']);
});
