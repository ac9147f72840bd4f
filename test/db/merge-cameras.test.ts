import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { lockRoots } from '../../src/db/folder-locks.ts';
import { openLockSession } from '../../src/db/locks.ts';
import { findCameraByFolder } from '../../src/db/models/cameras-with-property.ts';
import { mergeCameras, type MergeCamerasOptions } from '../../src/services/cameras/merge-cameras.ts';
import { readNormalisedRows } from '../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';
import { CAMERA, clearFootage, derive, sighting, storeFiles } from './derive/synthetic-footage.ts';

let db: TestDatabase;
const settings = { cameras: {}, detector: { gates: {} } };

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await clearFootage(db.knex);
  for (const table of ['cameras', 'audit_logs', 'alert_rules']) await db.knex(table).delete();
});

afterAll(() => db.drop());

const merging = (from: string, into: string, more: Partial<MergeCamerasOptions> = {}) =>
  mergeCameras(db.database, { from, into, actor: 'tester', dryRun: false, confirmed: true, settings, ...more });

const count = async (table: string, where: object = {}): Promise<number> => (await db.knex(table).where(where)).length;

/** Gives the footage stored so far to another camera, as if it had come from another folder. */
async function giveTo(camera: string): Promise<void> {
  for (const table of ['media_files', 'detections', 'events', 'tracks']) await db.knex(table).update({ camera_id: camera });
  await db.knex('events').update({ batch_id: db.knex.raw(`replace(batch_id, ?, ?)`, [CAMERA, camera]) });
  await db.knex('events').update({ sequence_id: db.knex.raw(`replace(sequence_id, ?, ?)`, [CAMERA, camera]) });
}

const seconds = (first: number, step: number, times: number) => Array.from({ length: times }, (_, index) => sighting(first + step * index));

test('two folder names of one camera end in the same tracks and events as one name', async () => {
  await seedCamera(db.knex, CAMERA);
  await storeFiles(db.knex, [...seconds(0, 10, 8), ...seconds(5, 10, 8), ...seconds(600, 5, 4)]);
  await derive(db.knex);
  const expected = await readNormalisedRows(db.knex, '');
  await clearFootage(db.knex);
  await seedCamera(db.knex, 'gate_old', { folder_path: '/footage/gate_old' });

  await storeFiles(db.knex, [...seconds(0, 10, 8), ...seconds(600, 5, 4)]);
  await derive(db.knex);
  await giveTo('gate_old');
  await storeFiles(db.knex, seconds(5, 10, 8));
  await derive(db.knex);
  const merged = await merging('gate_old', CAMERA);

  expect(merged.moved).toMatchObject({ media_files: 12, detections: 12 });
  expect(merged.dropped).toEqual({});
  expect(await readNormalisedRows(db.knex, '')).toEqual(expected);
  expect(await db.knex('cameras')).toMatchObject([{ id: CAMERA, folders: ['/footage/gate_old'] }]);
  expect(await db.knex('media_files').whereNotNull('derive_from')).toEqual([]);
});

test('faces and plates that were located, and what is still to be looked at, go with the footage', async () => {
  await seedCamera(db.knex, CAMERA);
  await seedCamera(db.knex, 'gate_old');
  await storeFiles(db.knex, seconds(0, 10, 1));
  await giveTo('gate_old');
  const [detection] = await db.knex('detections').select<{ id: number; detected_at: Date }[]>('id', 'detected_at');
  const key = { camera_id: 'gate_old', detection_id: detection!.id, detected_at: detection!.detected_at, bbox: '[1,2,3,4]', model_id: 'm' };
  await db.knex('plate_reads').insert({ ...key, read_at: key.detected_at, detection_confidence: 1 });
  await db.knex('face_detection_events').insert({ ...key, seen_at: key.detected_at, confidence: 1 });
  await db.knex('media_files').update({ enrichments_due: ['faces'] });
  expect((await merging('gate_old', CAMERA)).moved).toMatchObject({ plate_reads: 1, face_detection_events: 1 });
  for (const table of ['plate_reads', 'face_detection_events']) expect(await db.knex(table).pluck('camera_id')).toEqual([CAMERA]);
  expect(await db.knex('media_files').pluck('enrichments_due')).toEqual([['faces']]);
});

test('what users wrote about events of either camera stays', async () => {
  await seedCamera(db.knex, CAMERA);
  await seedCamera(db.knex, 'gate_old');
  await storeFiles(db.knex, seconds(0, 10, 4));
  await derive(db.knex);
  await db.knex('events').update({ notes: 'from the old name', reviewed: true });
  await giveTo('gate_old');
  await storeFiles(db.knex, seconds(5, 10, 4));
  await derive(db.knex);
  await db.knex('events').where({ camera_id: CAMERA }).update({ notes: 'from the new name', flagged: true });
  await merging('gate_old', CAMERA);
  const events = await db.knex('events');
  expect(events).toMatchObject([{ camera_id: CAMERA, flagged: true, detection_count: 8 }]);
  expect(events[0].notes).toContain('from the old name');
  expect(events[0].notes).toContain('from the new name');
});

test('of the same bytes under both names the analysed row stays, and of two analysed ones the other camera has its own', async () => {
  for (const id of ['gate', 'gate_old']) await seedCamera(db.knex, id);
  const sha = (letter: string) => ({ content_sha256: letter.repeat(64) });
  const at = (hour: number) => `2026-01-10T0${hour}:00:00Z`;
  const skipped = { status: 'skipped', processed_at: null, failure_code: 'duplicate_other_camera' };
  const seed = (camera: string, hour: number, more: object) => seedFile(db.knex, { camera, at: at(hour), more });
  await seed('gate_old', 1, { ...sha('a'), ...skipped });
  const a = await seed('gate', 1, sha('a'));
  const b = await seed('gate_old', 2, sha('b'));
  await seed('gate', 2, { ...sha('b'), ...skipped });
  const note = await seed('gate_old', 3, sha('c'));
  const c = await seed('gate', 3, sha('c'));
  await seedDetection(db.knex, { fileId: note, camera: 'gate_old', at: at(3) });
  const kept = await seedDetection(db.knex, { fileId: c, camera: 'gate', at: at(3) });
  await seed('gate_old', 4, { content_sha256: null, status: 'failed', failure_code: 'unreadable', processed_at: null, path: '/x' });
  const unread = await seed('gate', 4, {
    content_sha256: null,
    status: 'failed',
    failure_code: 'unreadable',
    processed_at: null,
    path: '/x',
  });

  const { moved, dropped } = await merging('gate_old', 'gate');

  expect(dropped).toEqual({ media_files: 3 });
  expect(moved).toEqual({ media_files: 2 });
  const files = await db.knex('media_files').orderBy('id').select('id', 'camera_id', 'status', 'content_sha256', 'failure_code');
  expect(files).toEqual([
    { id: a, camera_id: 'gate', status: 'done', ...sha('a'), failure_code: null },
    { id: b, camera_id: 'gate', status: 'done', ...sha('b'), failure_code: null },
    { id: note, camera_id: 'gate', status: 'skipped', content_sha256: null, failure_code: 'duplicate_other_camera' },
    { id: c, camera_id: 'gate', status: 'done', ...sha('c'), failure_code: null },
    { id: unread, camera_id: 'gate', status: 'failed', content_sha256: null, failure_code: 'unreadable' },
  ]);
  expect(await db.knex('detections').pluck('id')).toEqual([kept.id]);
});

test.each([
  ['the camera that goes has detections of its own', 'gate_old', true],
  ['only the camera that stays has it', 'gate', false],
])('footage that both analysed is not settled while an event held as evidence would lose detections: %s', async (_, holder, isRefused) => {
  const at = '2026-01-10T00:00:00Z';
  for (const camera of ['gate_old', 'gate']) {
    await seedCamera(db.knex, camera);
    const fileId = await seedFile(db.knex, { camera, at, more: { content_sha256: 'a'.repeat(64) } });
    const event = await seedEvent(db.knex, { camera, members: [await seedDetection(db.knex, { fileId, camera, at })] });
    if (camera === holder) await db.knex('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'Ann' });
  }
  if (!isRefused) expect(await merging('gate_old', 'gate')).toMatchObject({ moved: { events: 1 } });
  else {
    for (const dryRun of [true, false])
      await expect(merging('gate_old', 'gate', { dryRun })).rejects.toMatchObject({ exitCode: 2, code: 'events_held' });
    expect(await count('detections', { camera_id: 'gate_old' })).toBe(1);
  }
});

test('settings that a camera has once stay those of the camera that stays; others are taken over', async () => {
  for (const id of ['gate', 'gate_old', 'shed']) await seedCamera(db.knex, id);
  const zone = (id: string, camera: string) => ({ id, camera_id: camera, name: id, coordinates: '[[0,0],[1,0],[1,1],[0,1]]' });
  await db.knex('zones').insert([zone('z1', 'gate'), zone('z2', 'gate_old')]);
  await db.knex('camera_calibrations').insert([
    { camera_id: 'gate', risk_offset: 5 },
    { camera_id: 'gate_old', risk_offset: 9 },
  ]);
  await db.knex('camera_notification_settings').insert({ camera_id: 'gate_old', risk_threshold: 7 });
  await db.knex('activity_baselines').insert([
    { camera_id: 'gate', hour: 1, day_of_week: 1, avg_count: 1 },
    { camera_id: 'gate_old', hour: 1, day_of_week: 1, avg_count: 2 },
    { camera_id: 'gate_old', hour: 2, day_of_week: 1, avg_count: 3 },
  ]);
  const rule = (name: string, ids: string[] | null) => ({ name, camera_ids: ids && JSON.stringify(ids) });
  await db
    .knex('alert_rules')
    .insert([rule('a', ['gate_old']), rule('b', ['shed', 'gate_old', 'gate']), rule('c', ['shed']), rule('d', null)]);

  const { dropped } = await merging('gate_old', 'gate');

  expect(dropped).toEqual({ activity_baselines: 1, camera_calibrations: 1 });
  expect(await db.knex('zones').orderBy('id').pluck('camera_id')).toEqual(['gate', 'gate']);
  expect(await db.knex('camera_calibrations').pluck('risk_offset')).toEqual([5]);
  expect(await db.knex('camera_notification_settings').pluck('camera_id')).toEqual(['gate']);
  // They are computed anew from the footage of both.
  expect(await db.knex('activity_baselines')).toEqual([]);
  expect(await db.knex('alert_rules').orderBy('name').pluck('camera_ids')).toEqual([['gate'], ['shed', 'gate'], ['shed'], null]);
  await db.knex('zones').delete();
});

test('the folder of the camera that went belongs to the one that stays, and the act is recorded for both', async () => {
  await seedCamera(db.knex, 'gate', { folders: '["/mnt/gate"]', last_seen_at: new Date('2026-01-01') });
  await seedCamera(db.knex, 'gate_old', { folders: '["/mnt/gate_old", "/mnt/gate"]', last_seen_at: new Date('2026-02-01') });
  expect((await merging('gate_old', 'gate')).folders).toEqual(['/mnt/gate', '/footage/gate_old', '/mnt/gate_old']);
  expect(await db.knex('cameras')).toMatchObject([{ id: 'gate', last_seen_at: new Date('2026-02-01') }]);
  const none = { isSameName: () => false };
  for (const folder of ['/footage/gate_old', '/mnt/gate_old']) {
    expect(await findCameraByFolder(db.knex, { folder, ...none })).toMatchObject({ id: 'gate' });
  }
  expect(await findCameraByFolder(db.knex, { folder: '/else', ...none })).toBeUndefined();
  expect(await findCameraByFolder(db.knex, { folder: '/else', isSameName: (other) => other.endsWith('_old') })).toMatchObject({
    id: 'gate',
  });
  expect(await db.knex('audit_logs').orderBy('id')).toMatchObject([
    { action: 'camera_updated', resource_id: 'gate', details: { merged: 'gate_old' } },
    { action: 'camera_deleted', resource_id: 'gate_old', details: { merged_into: 'gate', folder_path: '/footage/gate_old' } },
  ]);
});

test.each([
  ['itself', 'gate', 'gate', {}, 2],
  ['nobody', 'gate', 'nobody', {}, 2],
  ['a camera without confirmation', 'shed', 'gate', { confirmed: false }, 2],
])('merging into %s is refused', async (_, from, into, more, exitCode) => {
  for (const id of ['gate', 'shed']) await seedCamera(db.knex, id);
  await expect(merging(from, into, more)).rejects.toMatchObject({ exitCode });
  expect(await count('cameras')).toBe(2);
});

test('a merge says beforehand what would move, and waits for nobody who works on one of the two', async () => {
  for (const id of ['gate', 'shed']) await seedCamera(db.knex, id);
  const at = '2026-01-10T00:00:00Z';
  const file = await seedFile(db.knex, { camera: 'shed', at });
  await seedEvent(db.knex, { camera: 'shed', members: [await seedDetection(db.knex, { fileId: file, camera: 'shed', at })] });
  expect(await merging('shed', 'gate', { dryRun: true, confirmed: false })).toMatchObject({
    moved: { media_files: 1, detections: 1, events: 1 },
  });
  expect(await count('cameras')).toBe(2);
  const session = await openLockSession(db.database);
  await lockRoots(session, ['/footage/gate'], 0);
  await expect(merging('shed', 'gate')).rejects.toMatchObject({ exitCode: 11 });
  await session.close();
});
