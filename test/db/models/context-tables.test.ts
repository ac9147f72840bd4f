import { afterAll, beforeAll, expect, test } from 'vitest';

import { readDatabaseClock } from '../../../src/db/database-clock.ts';
import * as activity from '../../../src/db/models/activity-baselines.ts';
import * as classes from '../../../src/db/models/class-baselines.ts';
import * as scenes from '../../../src/db/models/scene-changes.ts';
import * as zones from '../../../src/db/models/zones.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.knex('cameras').insert(['gate', 'yard'].map((id) => ({ id, name: id, folder_path: `/footage/${id}` })));
});

afterAll(async () => {
  await own.drop();
});

const day = (date: number): Date => new Date(Date.UTC(2026, 0, date));
const SQUARE: [number, number][] = [
  [0.2, 0.2],
  [0.8, 0.2],
  [0.8, 0.8],
  [0.2, 0.8],
];

test('a zone gets an id unless it has one, and its defaults; a taken id changes nothing', async () => {
  const { knex } = own;
  expect(await zones.listZones(knex)).toEqual([]);
  const made = (await zones.insertZone(knex, { camera_id: 'gate', name: 'Drive', coordinates: SQUARE }))!;
  expect(made).toMatchObject({ zone_type: 'other', shape: 'rectangle', color: '#3B82F6', enabled: true, priority: 0, coordinates: SQUARE });
  expect(made.id).toMatch(/^[0-9a-f-]{36}$/);
  const named = await zones.insertZone(knex, {
    id: 'door',
    camera_id: 'yard',
    name: 'Door',
    coordinates: SQUARE,
    zone_type: 'entry_point',
  });
  expect(named?.id).toBe('door');
  expect(await zones.insertZone(knex, { id: 'door', camera_id: 'gate', name: 'Other', coordinates: SQUARE })).toBeUndefined();
  expect(await zones.findZone(knex, 'door')).toEqual(named);
  expect(await zones.findZone(knex, 'none')).toBeUndefined();
});

test('zones of a camera are listed in the order in which they win, then by id', async () => {
  const { knex } = own;
  await knex('zones').delete();
  for (const [id, priority, enabled] of [
    ['b', 5, true],
    ['c', 9, false],
    ['a', 5, true],
  ] as const) {
    await zones.insertZone(knex, { id, camera_id: 'yard', name: id, coordinates: SQUARE, priority, enabled });
  }
  await zones.insertZone(knex, { id: 'z', camera_id: 'gate', name: 'z', coordinates: SQUARE });
  const ids = async (filters?: Parameters<typeof zones.listZones>[1]): Promise<string[]> =>
    (await zones.listZones(knex, filters)).map((zone) => zone.id);
  expect(await ids()).toEqual(['z', 'c', 'a', 'b']);
  expect(await ids({ cameraIds: ['yard'], enabled: true })).toEqual(['a', 'b']);
  expect(await ids({ cameraIds: [] })).toEqual([]);
});

test('a changed zone keeps what was not named and is touched; an unchanged one is not', async () => {
  const { knex } = own;
  const made = (await zones.insertZone(knex, { camera_id: 'gate', name: 'Walk', coordinates: SQUARE, priority: 3 }))!;
  expect(await zones.updateZone(knex, made.id, {})).toEqual(made);
  expect(await zones.updateZone(knex, made.id, { name: 'Walk' })).toEqual(made);
  const triangle = SQUARE.slice(0, 3);
  const before = await readDatabaseClock(knex);
  const changed = (await zones.updateZone(knex, made.id, { shape: 'polygon', coordinates: triangle }))!;
  expect(changed).toEqual({ ...made, shape: 'polygon', coordinates: triangle, updated_at: changed.updated_at });
  expect(changed.updated_at.getTime()).toBeGreaterThanOrEqual(before.getTime());
  expect(await zones.updateZone(knex, 'none', { name: 'x' })).toBeUndefined();
  expect([await zones.deleteZone(knex, made.id), await zones.deleteZone(knex, made.id)]).toEqual([true, false]);
});

test('updated_at cannot be set by hand', async () => {
  const { knex } = own;
  const made = (await zones.insertZone(knex, { camera_id: 'gate', name: 'Clock', coordinates: SQUARE }))!;
  await knex('zones')
    .where({ id: made.id })
    .update({ updated_at: day(1) });
  expect((await zones.findZone(knex, made.id))!.updated_at.getTime()).toBeGreaterThanOrEqual(made.updated_at.getTime());
});

test('a scene change found again is updated and stays acknowledged', async () => {
  const { knex } = own;
  expect(await scenes.listSceneChanges(knex)).toEqual([]);
  const found = {
    camera_id: 'gate',
    detected_at: day(3),
    change_type: 'angle_changed',
    similarity_score: 0.6,
    file_path: '/a.jpg',
  } as const;
  const first = await scenes.upsertSceneChange(knex, found);
  expect(first).toMatchObject({ ...found, acknowledged: false, acknowledged_at: null });
  const acknowledged = (await scenes.acknowledgeSceneChange(knex, first.id))!;
  expect(acknowledged.acknowledged_at).toBeInstanceOf(Date);
  expect(await scenes.acknowledgeSceneChange(knex, first.id)).toEqual(acknowledged);
  const again = await scenes.upsertSceneChange(knex, { ...found, change_type: 'view_blocked', similarity_score: 0.2, file_path: null });
  expect(again).toEqual({ ...acknowledged, change_type: 'view_blocked', similarity_score: 0.2, file_path: null });
  expect(await scenes.acknowledgeSceneChange(knex, 0)).toBeUndefined();
});

test('scene changes are listed newest first, by camera, time and acknowledgement', async () => {
  const { knex } = own;
  await knex('scene_changes').delete();
  const change = { change_type: 'unknown', similarity_score: 0.8, file_path: null } as const;
  for (const [camera_id, date] of [
    ['gate', 1],
    ['yard', 2],
    ['gate', 3],
  ] as const) {
    await scenes.upsertSceneChange(knex, { camera_id, detected_at: day(date), ...change });
  }
  const list = async (options?: Parameters<typeof scenes.listSceneChanges>[1]): Promise<number[]> =>
    (await scenes.listSceneChanges(knex, options)).map((row) => row.detected_at.getUTCDate());
  await scenes.acknowledgeSceneChange(knex, (await scenes.listSceneChanges(knex, { limit: 1 }))[0]!.id);
  expect(await list()).toEqual([3, 2, 1]);
  expect(await list({ limit: 2 })).toEqual([3, 2]);
  expect(await list({ filters: { acknowledged: false } })).toEqual([2, 1]);
  expect(await list({ filters: { cameraIds: ['gate'] } })).toEqual([3, 1]);
  expect(await list({ filters: { cameraIds: [] } })).toEqual([]);
  expect(await list({ filters: { since: day(2), until: day(3) } })).toEqual([2]);
});

test('activity slots are written over, listed from monday on, and forgotten by camera', async () => {
  const { knex } = own;
  await activity.upsertActivityBaselines(knex, []);
  const slot = { camera_id: 'gate', day_of_week: 0, hour: 8, avg_count: 1.682845, sample_count: 4, last_updated: day(5) };
  const all = Array.from({ length: 168 }, (_, index) => ({ ...slot, day_of_week: Math.floor(index / 24), hour: index % 24 }));
  await activity.upsertActivityBaselines(knex, all.toReversed());
  await activity.upsertActivityBaselines(knex, [{ ...slot, camera_id: 'yard' }]);
  const rows = await activity.listActivityBaselines(knex, 'gate');
  expect(rows).toMatchObject(all);
  await activity.upsertActivityBaselines(knex, [{ ...slot, avg_count: 0, sample_count: 5, last_updated: day(6) }]);
  const after = await activity.listActivityBaselines(knex, 'gate');
  expect(after[8]).toEqual({ ...rows[8], avg_count: 0, sample_count: 5, last_updated: day(6) });
  expect(after.filter((row) => row.avg_count > 0)).toHaveLength(167);
  expect(await activity.deleteActivityBaselines(knex, 'gate')).toBe(168);
  expect(await activity.listActivityBaselines(knex, 'yard')).toHaveLength(1);
});

test('class slots are written over in any number, listed by class and hour, and forgotten by camera', async () => {
  const { knex } = own;
  await classes.upsertClassBaselines(knex, []);
  const slot = { camera_id: 'gate', frequency: 0.1, sample_count: 30, last_updated: day(5) };
  const all = Array.from({ length: 1200 }, (_, index) => ({
    ...slot,
    detection_class: `class-${String(Math.floor(index / 24)).padStart(2, '0')}`,
    hour: index % 24,
  }));
  await classes.upsertClassBaselines(knex, all);
  await classes.upsertClassBaselines(
    knex,
    all.map((row) => ({ ...row, frequency: 0.2 })),
  );
  const rows = await classes.listClassBaselines(knex, 'gate');
  expect(rows).toMatchObject(all.map((row) => ({ ...row, frequency: 0.2 })));
  expect(await classes.listClassBaselines(knex, 'gate', { detectionClass: 'class-07' })).toHaveLength(24);
  expect(await classes.listClassBaselines(knex, 'gate', { detectionClass: 'none' })).toEqual([]);
  expect([await classes.deleteClassBaselines(knex, 'gate'), await classes.deleteClassBaselines(knex, 'gate')]).toEqual([1200, 0]);
});
