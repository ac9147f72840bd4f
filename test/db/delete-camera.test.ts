import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { lockRoots } from '../../src/db/folder-locks.ts';
import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { deleteDetectionSlice } from '../../src/db/models/camera-deletion.ts';
import { deleteCamera, type DeleteCameraOptions } from '../../src/services/cameras/delete-camera.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { RUN_ID, seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';
import { clearFootage } from './derive/synthetic-footage.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await clearFootage(db.knex);
  for (const table of ['cameras', 'audit_logs', 'logs']) await db.knex(table).delete();
});

afterAll(() => db.drop());

const deleting = (id: string, more: Partial<DeleteCameraOptions> = {}) =>
  deleteCamera(db.database, { id, actor: 'tester', dryRun: false, confirmed: true, signal: new AbortController().signal, ...more });

async function seedFootage(
  camera: string,
  at: string,
): Promise<{ file: number; detection: { id: number; detected_at: Date }; event: number }> {
  const file = await seedFile(db.knex, { camera, at });
  const detection = await seedDetection(db.knex, { fileId: file, camera, at });
  return { file, detection, event: await seedEvent(db.knex, { camera, members: [detection] }) };
}

const count = async (table: string, where: object = {}): Promise<number> => (await db.knex(table).where(where)).length;

test('a camera goes with its footage, and another camera keeps its own (schema §7)', async () => {
  for (const id of ['gate', 'shed']) await seedCamera(db.knex, id);
  for (const at of ['2026-01-10T00:00:00Z', '2026-02-10T00:00:00Z']) await seedFootage('gate', at);
  await seedFootage('shed', '2026-01-10T00:00:00Z');
  await db.knex('logs').insert({ level: 'info', component: 'x', message: 'kept', camera_id: 'gate' });
  const rows = { detections: 2, events: 2, media_files: 2 };
  expect(await deleting('gate', { dryRun: true, confirmed: false })).toEqual({ camera: 'gate', rows });
  expect(await count('detections')).toBe(3);
  expect(await deleting('gate')).toEqual({ camera: 'gate', rows });
  for (const table of ['media_files', 'detections', 'events']) expect(await db.knex(table).pluck('camera_id')).toEqual(['shed']);
  expect(await count('event_detections')).toBe(1);
  expect(await count('logs', { camera_id: 'gate' })).toBe(1);
  expect(await db.knex('audit_logs')).toMatchObject([
    { action: 'camera_deleted', resource_type: 'camera', resource_id: 'gate', actor: 'tester', details: { name: 'gate', rows } },
  ]);
});

test('a camera with an event held as evidence stays until that is released', async () => {
  await seedCamera(db.knex, 'gate');
  const { event } = await seedFootage('gate', '2026-01-10T00:00:00Z');
  await db.knex('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'Ann' });
  for (const dryRun of [true, false])
    await expect(deleting('gate', { dryRun })).rejects.toMatchObject({ exitCode: 2, code: 'events_held' });
  expect(await count('detections')).toBe(1);
  await db.knex('evidence_holds').update({ released_at: new Date(), released_by: 'Ann' });
  expect(await deleting('gate')).toMatchObject({ rows: { events: 1 } });
});

test('detections of a camera go in slices of a month', async () => {
  await seedCamera(db.knex, 'gate');
  const file = await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T00:00:00Z' });
  for (let offsetMs = 0; offsetMs < 5; offsetMs++)
    await seedDetection(db.knex, { fileId: file, camera: 'gate', at: '2026-01-10T00:00:00Z', offsetMs });
  await seedDetection(db.knex, { fileId: file, camera: 'gate', at: '2026-02-10T00:00:00Z' });
  const slice = { cameraId: 'gate', from: new Date('2026-01-01'), until: new Date('2026-02-01'), limit: 3 };
  expect(await deleteDetectionSlice(db.knex, slice)).toBe(3);
  expect(await deleteDetectionSlice(db.knex, slice)).toBe(2);
  expect(await deleteDetectionSlice(db.knex, slice)).toBe(0);
  expect(await count('detections')).toBe(1);
});

test('a camera is deleted only when that was confirmed, and only one that exists', async () => {
  await seedCamera(db.knex, 'gate');
  await seedFootage('gate', '2026-01-10T00:00:00Z');
  await expect(deleting('gate', { confirmed: false })).rejects.toThrow('its 1 detections, 1 events, 1 media_files for good');
  await expect(deleting('gate', { confirmed: false })).rejects.toMatchObject({ exitCode: 2, code: 'not_confirmed' });
  await expect(deleting('gat')).rejects.toMatchObject({ exitCode: 2, hint: 'known cameras: gate' });
  expect(await count('cameras')).toBe(1);
});

test.each([
  ['on its folder', '/footage/gate'],
  ['around its folder', '/footage'],
  ['inside its folder', '/footage/gate/2026'],
])('a camera is not deleted while a run works %s', async (_, root) => {
  await seedCamera(db.knex, 'gate');
  const session = await openLockSession(db.database);
  await lockRoots(session, [root], 0);
  await expect(deleting('gate')).rejects.toMatchObject({ exitCode: 11 });
  await expect(deleting('gate', { dryRun: true })).resolves.toEqual({ camera: 'gate', rows: {} });
  await session.close();
  await expect(deleting('gate')).resolves.toEqual({ camera: 'gate', rows: {} });
});

test('a camera is not deleted while a live run holds one of its files, from whatever folder', async () => {
  await seedCamera(db.knex, 'gate');
  await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T00:00:00Z', more: { status: 'processing' } });
  const session = await openLockSession(db.database);
  await lockRun(session, RUN_ID);
  await expect(deleting('gate')).rejects.toMatchObject({ exitCode: 11 });
  await session.close();
  await expect(deleting('gate')).resolves.toMatchObject({ rows: { media_files: 1 } });
});

test('a deletion that was stopped goes on where it was', async () => {
  await seedCamera(db.knex, 'gate');
  await seedFootage('gate', '2026-01-10T00:00:00Z');
  await expect(deleting('gate', { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  expect(await count('cameras')).toBe(1);
  await deleting('gate');
  expect(await count('cameras')).toBe(0);
});
