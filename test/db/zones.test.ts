import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { markCameraForDerivation } from '../../src/db/models/derivation.ts';
import { insertZone, type NewZone } from '../../src/db/models/zones.ts';
import { findTrackSightings } from '../../src/db/queries/track-sightings.ts';
import { countAnchors, findFootage, streamStanding } from '../../src/db/queries/zone-footage.ts';
import { mergeCameras } from '../../src/services/cameras/merge-cameras.ts';
import { findMaskZones } from '../../src/services/ingest/process/find-mask-zones.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './answers/seed.ts';
import { seedTracks } from './baselines/seed-activity.ts';
import { CAMERA, clearFootage, derive, sighting, storeFiles } from './derive/synthetic-footage.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await clearFootage(db.knex);
  await db.knex('cameras').delete();
});

afterAll(() => db.drop());

const WHOLE: [number, number][] = [
  [0, 0],
  [1, 0],
  [1, 1],
  [0, 1],
];

function zone(part: Partial<NewZone> & { id: string }): Promise<unknown> {
  return insertZone(db.knex, { camera_id: CAMERA, name: part.id, coordinates: WHOLE, ...part });
}

test('zones that mask motion are found by camera; others and disabled ones are not among them', async () => {
  expect(await findMaskZones(db.knex)).toEqual(new Map());
  await seedCamera(db.knex, CAMERA);
  await seedCamera(db.knex, 'yard');
  await zone({ id: 'seen' });
  await zone({ id: 'off', purpose: 'motion_mask', enabled: false });
  await zone({ id: 'tree', purpose: 'motion_mask' });
  await zone({ id: 'street', purpose: 'ignore', classes: ['vehicle'], camera_id: 'yard' });
  const found = await findMaskZones(db.knex);
  expect([...found].map(([camera, zones]) => [camera, zones.map(({ id }) => id)])).toEqual([
    [CAMERA, ['tree']],
    ['yard', ['street']],
  ]);
  expect(found.get('yard')).toMatchObject([{ purpose: 'ignore', classes: ['vehicle'], coordinates: WHOLE }]);
});

test('a zone that comes over with a merged camera leaves out detections of the other one, too (§6.1)', async () => {
  await seedCamera(db.knex, CAMERA);
  await seedCamera(db.knex, 'old');
  await storeFiles(db.knex, [sighting(0), sighting(1)]);
  await derive(db.knex);
  expect(await db.knex('events')).toHaveLength(1);
  await zone({ id: 'all', camera_id: 'old', purpose: 'ignore' });
  const settings = { cameras: {}, detector: { gates: {} } };
  await mergeCameras(db.database, { from: 'old', into: CAMERA, actor: 'tester', dryRun: false, confirmed: true, settings });
  expect(await db.knex('events')).toEqual([]);
  expect(await db.knex('zones').pluck('camera_id')).toEqual([CAMERA]);
});

test('only footage that showed something is marked', async () => {
  await seedCamera(db.knex, CAMERA);
  expect(await db.knex.transaction((trx) => markCameraForDerivation(trx, CAMERA))).toBe(0);
  await seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T08:00:00Z' });
  const fileId = await seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T09:00:00Z' });
  await seedDetection(db.knex, { fileId, camera: CAMERA, at: '2026-01-14T09:00:00Z', offsetMs: 500 });
  expect(await db.knex.transaction((trx) => markCameraForDerivation(trx, CAMERA))).toBe(1);
  expect(await db.knex('media_files').whereNotNull('derive_from').select('id', 'derive_from', 'derive_until')).toEqual([
    { id: fileId, derive_from: new Date('2026-01-14T09:00:00Z'), derive_until: new Date('2026-01-14T09:00:10Z') },
  ]);
});

test('anchors are counted by cell, standing objects apart, boxes that reach out of the picture in the last row', async () => {
  await seedCamera(db.knex, CAMERA);
  const grid = { cameraId: CAMERA, columns: 4, rows: 2 };
  expect(await countAnchors(db.knex, grid)).toEqual([]);
  const at = '2026-01-14T09:00:00Z';
  const fileId = await seedFile(db.knex, { camera: CAMERA, at });
  const seen = (more: object): Promise<unknown> => seedDetection(db.knex, { fileId, camera: CAMERA, at, more });
  await seen({ bbox_x: 150, bbox_y: 0, bbox_width: 20, bbox_height: 239, track_id: 7 });
  await seen({ bbox_x: 150, bbox_y: 0, bbox_width: 20, bbox_height: 240 });
  await seen({ bbox_x: 630, bbox_y: 400, bbox_width: 30, bbox_height: 100 });
  await seen({ bbox_x: 0, bbox_y: 0, bbox_width: 10, bbox_height: 10, is_static: true });
  const cells = await countAnchors(db.knex, grid);
  expect(cells.sort((a, b) => a.row - b.row || a.column - b.column)).toEqual([
    { column: 1, row: 0, count: 1 },
    { column: 1, row: 1, count: 1 },
    { column: 3, row: 1, count: 1 },
  ]);
  expect(await countAnchors(db.knex, { ...grid, since: new Date('2026-01-14T09:00:01Z') })).toEqual([]);
  expect(await countAnchors(db.knex, { ...grid, until: new Date(at) })).toEqual([]);
  const span = { since: new Date(at), until: new Date('2026-01-14T09:00:01Z') };
  const standing: object[] = [];
  for await (const row of streamStanding(db.knex, { cameraId: CAMERA, ...span })) standing.push(row);
  expect(standing).toMatchObject([{ object_type: 'person', media_file_id: fileId, bbox_width: 10, video_width: 640 }]);
});

test('where tracks were is told from their begin up to a moment, in footage order', async () => {
  await seedCamera(db.knex, CAMERA);
  const at = '2026-01-14T09:00:00Z';
  const startMs = Date.parse(at);
  await seedTracks(db.knex, CAMERA, [{ firstMs: startMs, label: 'person', confirmed: true }]);
  const { id: trackId } = await db.knex('tracks').first<{ id: number }>('id');
  await db.knex('tracks').update({ last_seen: new Date(startMs + 2_000), closed_at: new Date(startMs + 2_000) });
  const fileId = await seedFile(db.knex, { camera: CAMERA, at });
  for (const second of [2, 0, 1]) {
    const seenAt = new Date(startMs + 1_000 * second).toISOString();
    await seedDetection(db.knex, { fileId, camera: CAMERA, at: seenAt, more: { bbox_height: 100 + second, track_id: trackId } });
  }
  expect(await findTrackSightings(db.knex, [])).toEqual([]);
  expect(await findTrackSightings(db.knex, [{ trackId, until: new Date(startMs + 1_000) }])).toMatchObject([
    { track_id: trackId, at_ms: startMs, object_type: 'person', bbox_height: 100, image_height: 480 },
    { at_ms: startMs + 1_000, bbox_height: 101 },
  ]);
});

test('footage to draw on is found newest first, at or before a moment, without what failed', async () => {
  await seedCamera(db.knex, CAMERA);
  const [first, second] = [
    await seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T08:00:00Z' }),
    await seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T09:00:00Z' }),
  ];
  await seedFile(db.knex, { camera: CAMERA, at: '2026-01-14T10:00:00Z', more: { status: 'failed', failure_code: 'decode_failed' } });
  const ids = async (at?: string): Promise<number[]> =>
    (await findFootage(db.knex, { cameraId: CAMERA, at: at === undefined ? undefined : new Date(at), limit: 5 })).map(({ id }) => id);
  expect(await ids()).toEqual([second, first]);
  expect(await ids('2026-01-14T08:59:59Z')).toEqual([first]);
  expect(await ids('2026-01-14T07:00:00Z')).toEqual([]);
});
