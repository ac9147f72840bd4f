import { afterAll, beforeAll, expect, test } from 'vitest';
import { addCamera, type AddCameraOptions } from '../../../src/services/cameras/add-camera.ts';
import type { CameraChanges } from '../../../src/services/cameras/camera-changes.ts';
import { listCameras } from '../../../src/services/cameras/list-cameras.ts';
import { setCamera } from '../../../src/services/cameras/set-camera.ts';
import { showCamera } from '../../../src/services/cameras/show-camera.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedEvent, seedFile, seedRun } from './seed.ts';

let db: TestDatabase;
const zones = { cameras: {} };

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'yard');
  await seedFile(db.knex, { camera: 'yard', at: '2026-01-10T10:00:00Z' });
  await seedFile(db.knex, { camera: 'yard', at: '2026-01-11T10:00:00Z', more: { status: 'failed', failure_code: 'no_frames' } });
  await seedEvent(db.knex, { camera: 'yard', members: [], at: '2026-01-10T10:00:00Z' });
});
afterAll(() => db.drop());

const add = (folderName: string, changes: CameraChanges, more: Partial<AddCameraOptions> = {}): ReturnType<typeof addCamera> =>
  addCamera(db.knex, { folderName, changes, actor: 'tester', dryRun: false, ...more });
const set = (id: string, changes: CameraChanges, dryRun = false): ReturnType<typeof setCamera> =>
  setCamera(db.knex, { id, changes, actor: 'tester', dryRun });
const usage = expect.objectContaining({ exitCode: 2 }) as Error;
const auditOf = (id: string): Promise<{ action: string; details: object }[]> =>
  db.knex('audit_logs').where('resource_id', id).orderBy('id');

test('lists cameras with what they hold and where their zone comes from', async () => {
  const [yard] = await listCameras(db.knex, { zones: { cameras: {}, timezone: 'Asia/Tokyo' } });
  expect(yard).toMatchObject({ id: 'yard', files: 2, failed_files: 1, events: 1, timezone: 'Asia/Tokyo', timezone_from: 'configuration' });
  expect((await listCameras(db.knex, { zones }))[0]).toMatchObject({ timezone: 'UTC', timezone_from: 'default' });
});

test('shows a camera with its footage by kind', async () => {
  const { footage } = await showCamera(db.knex, 'yard', zones);
  expect(footage).toEqual([
    {
      media_type: 'video',
      files: 2,
      first_at: new Date('2026-01-10T10:00:00Z'),
      last_at: new Date('2026-01-11T10:00:10Z'),
      duration_ms: 20_000,
    },
  ]);
  await expect(showCamera(db.knex, 'yrad', zones)).rejects.toThrow(usage);
});

test('adds a camera under the id its folder name gives, with an audit row', async () => {
  await add('Front Door', { timezone: 'Europe/Berlin', recording: 'triggered', clockOffsetS: -240 });
  expect(await showCamera(db.knex, 'front_door', zones)).toMatchObject({
    name: 'Front Door',
    timezone: 'Europe/Berlin',
    timezone_from: 'camera',
    recording: 'triggered',
    clock_offset_s: -240,
    enabled: true,
    files: 0,
    footage: [],
  });
  expect(await auditOf('front_door')).toMatchObject([
    { action: 'camera_created', actor: 'tester', details: { timezone: 'Europe/Berlin' } },
  ]);
});

test.each<[string, string, CameraChanges]>([
  ['a name without letters', '---', { timezone: 'UTC' }],
  ['no time zone', 'north', {}],
  ['a zone that is none', 'north', { timezone: 'Europe/Nowhere' }],
  ['an offset, which knows no summer time', 'north', { timezone: '+01:00' }],
  ['a taken id', 'front-door', { timezone: 'UTC' }],
  ['a taken name', 'other', { timezone: 'UTC', name: 'Front Door' }],
  ['a site nobody made, without a zone to make it with', 'north', { property: 'Cabin' }],
])('does not add a camera with %s', async (_, folderName, changes) => {
  const before = await db.knex('audit_logs').count();
  await expect(add(folderName, changes)).rejects.toThrow(usage);
  expect(await db.knex('audit_logs').count()).toEqual(before);
});

test('a site is made with an explicit zone, and the camera takes it from there', async () => {
  await add('gate', { property: 'Summer house', timezone: 'Europe/Rome' });
  expect(await showCamera(db.knex, 'gate', zones)).toMatchObject({
    property: 'Summer house',
    timezone: 'Europe/Rome',
    timezone_from: 'property',
  });
  await add('shed', { property: 'Summer house' });
  expect(await showCamera(db.knex, 'shed', zones)).toMatchObject({ timezone: 'Europe/Rome', timezone_from: 'property' });
  expect(await db.knex('properties').count()).toEqual([{ count: 1 }]);
});

test('a failed addition leaves no site behind', async () => {
  await expect(add('yard', { property: 'Nowhere', timezone: 'UTC' })).rejects.toThrow(usage);
  expect(await db.knex('properties').where('name', 'Nowhere')).toEqual([]);
});

test('a dry run adds nothing and says what it would', async () => {
  expect(await add('roof', { timezone: 'UTC' }, { dryRun: true })).toMatchObject({ id: 'roof' });
  await expect(showCamera(db.knex, 'roof', zones)).rejects.toThrow(usage);
});

test('changes a camera and writes what changed into the audit log', async () => {
  const changes = await set('yard', { name: 'Back yard', enabled: false, moving: true });
  expect(changes).toEqual([
    { column: 'name', from: 'yard', to: 'Back yard' },
    { column: 'enabled', from: true, to: false },
    { column: 'moving', from: false, to: true },
  ]);
  expect(await auditOf('yard')).toMatchObject([{ action: 'camera_updated', details: { changes } }]);
});

test('setting what is set already changes nothing and leaves no audit row', async () => {
  expect(await set('yard', { name: 'Back yard' })).toEqual([]);
  expect(await auditOf('yard')).toHaveLength(1);
});

test('a folder is added to those the camera has, once', async () => {
  await set('yard', { folder: '/elsewhere/garden' });
  expect(await set('yard', { folder: '/elsewhere/garden' })).toEqual([]);
  expect(await set('yard', { folder: '/footage/yard' })).toEqual([]);
  expect(await showCamera(db.knex, 'yard', zones)).toMatchObject({ folder_path: '/footage/yard', folders: ['/elsewhere/garden'] });
});

test.each<[string, string, CameraChanges]>([
  ['no camera of that id', 'yrad', { enabled: true }],
  ['nothing to change', 'yard', {}],
  ['a zone that is none', 'yard', { timezone: 'Mars/Olympus' }],
  ['a name another camera has', 'yard', { name: 'Front Door' }],
])('refuses %s', async (_, id, changes) => {
  await expect(set(id, changes)).rejects.toThrow(usage);
});

test('a dry run changes nothing and says what it would', async () => {
  expect(await set('yard', { clockOffsetS: 5 }, true)).toEqual([{ column: 'clock_offset_s', from: 0, to: 5 }]);
  expect(await showCamera(db.knex, 'yard', zones)).toMatchObject({ clock_offset_s: 0 });
});
