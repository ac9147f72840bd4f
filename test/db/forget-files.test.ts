import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { insertEntity } from '../../src/db/models/entities.ts';
import { refreshEntityCounts, saveIdentityLinks } from '../../src/db/models/identity-links.ts';
import { removeEarlierDetections } from '../../src/db/models/media-files-finish.ts';
import { upsertReidEmbeddings } from '../../src/db/models/reid-embeddings.ts';
import { entityFromDetection } from '../../src/domain/entity.ts';
import { forgetFiles, type ForgetFilesOptions } from '../../src/services/files/forget-files.ts';
import { readNormalisedRows } from '../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { RUN_ID, seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';
import { CAMERA, clearFootage, derive, sighting, storeFiles } from './derive/synthetic-footage.ts';

let db: TestDatabase;
const settings = { cameras: {}, detector: { gates: {} } };

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await clearFootage(db.knex);
  for (const table of ['cameras', 'audit_logs']) await db.knex(table).delete();
});

afterAll(() => db.drop());

const forgetting = (files: (number | string)[], more: Partial<ForgetFilesOptions> = {}) =>
  forgetFiles(db.database, { files: files.map(String), actor: 'tester', dryRun: false, confirmed: true, settings, ...more });

const count = async (table: string): Promise<number> => (await db.knex(table)).length;

const seconds = (first: number, step: number, times: number) => Array.from({ length: times }, (_, index) => sighting(first + step * index));

test('forgetting a file deletes events that have nothing else and rewrites the others (schema §7)', async () => {
  await seedCamera(db.knex, 'gate');
  const at = '2026-01-10T00:00:00Z';
  const file = await seedFile(db.knex, { camera: 'gate', at });
  await seedEvent(db.knex, { camera: 'gate', members: [await seedDetection(db.knex, { fileId: file, camera: 'gate', at })] });
  const other = await seedFile(db.knex, { camera: 'gate', at: '2026-02-10T00:00:00Z' });
  const gone = await seedDetection(db.knex, { fileId: file, camera: 'gate', at: '2026-02-10T00:00:00Z', more: { object_type: 'car' } });
  const stays = await seedDetection(db.knex, { fileId: other, camera: 'gate', at: '2026-02-10T00:00:01Z' });
  const both = await seedEvent(db.knex, { camera: 'gate', members: [gone, stays], more: { object_types: 'car,person', notes: 'mine' } });
  const rows = { files: 1, detections: 2, events_deleted: 1, events_rewritten: 1 };
  expect(await forgetting([file], { dryRun: true, confirmed: false })).toEqual(rows);
  expect(await count('media_files')).toBe(2);
  expect(await forgetting([file])).toEqual(rows);
  expect(await db.knex('detections').pluck('id')).toEqual([stays.id]);
  expect(await db.knex('events')).toMatchObject([
    { id: both, object_types: 'person', detection_ids: `[${stays.id}]`, detection_count: 1, notes: 'mine' },
  ]);
  expect(await db.knex('audit_logs')).toMatchObject([
    { action: 'data_cleared', resource_type: 'media_file', resource_id: String(file), details: { reason: 'forgotten', ...rows } },
  ]);
});

test.each([
  ['in force', {}, true],
  ['released', { released_at: new Date(), released_by: 'x' }, false],
  ['whose time is over', { created_at: new Date('2026-01-01'), held_until: new Date('2026-01-02') }, false],
])('a file that shows an event with a hold %s is forgotten only when nothing holds it', async (_, more, isHeld) => {
  await seedCamera(db.knex, 'gate');
  const at = '2026-01-10T00:00:00Z';
  const [first, second] = [
    await seedFile(db.knex, { camera: 'gate', at }),
    await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T00:01Z' }),
  ];
  const members = [];
  for (const fileId of [first, second]) members.push(await seedDetection(db.knex, { fileId, camera: 'gate', at }));
  const event = await seedEvent(db.knex, { camera: 'gate', members });
  await db.knex('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'Ann', ...more });
  const attempt = forgetting([second]);
  if (isHeld) {
    const hint = expect.stringContaining(`hs evidence release ${event}`);
    await expect(attempt).rejects.toMatchObject({
      exitCode: 2,
      code: 'events_held',
      message: expect.stringContaining(String(event)),
      hint,
    });
    expect(await count('detections')).toBe(2);
  } else expect(await attempt).toMatchObject({ files: 1, events_rewritten: 1 });
});

describe('entities that were seen in files', () => {
  const at = '2026-01-10T00:00:00Z';
  const AT = new Date(at);

  /** One entity seen in the first file alone, one in both. */
  async function seenInTwoFiles(): Promise<{ first: number; alone: string; both: string; stays: number }> {
    await seedCamera(db.knex, 'gate');
    const [first, second] = [
      await seedFile(db.knex, { camera: 'gate', at }),
      await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T00:01:00Z' }),
    ];
    const seen: number[] = [];
    for (const fileId of [first, first, second]) seen.push((await seedDetection(db.knex, { fileId, camera: 'gate', at })).id);
    const vectors = seen.map((id) => ({ detection_id: id, detected_at: AT, model_id: 'm', vector: [1, 0] }));
    await upsertReidEmbeddings(db.knex, vectors);
    const { id: alone } = await insertEntity(db.knex, entityFromDetection({ type: 'person', at: AT }));
    const { id: both } = await insertEntity(db.knex, entityFromDetection({ type: 'person', at: AT }));
    const link = { memberId: null, similarity: null, uncertain: false, manual: false };
    await db.knex.transaction(async (trx) => {
      await saveIdentityLinks(trx, [
        { ...link, detectionIds: [seen[0]!], entityId: alone },
        { ...link, detectionIds: seen.slice(1), entityId: both },
      ]);
      await refreshEntityCounts(trx, [alone, both]);
    });
    return { first, alone, both, stays: seen[2]! };
  }

  const entities = () => db.knex('entities').select('id', 'detection_count', 'primary_detection_id');

  afterEach(() => db.knex('entities').delete());

  test.each([
    ['forgotten', async (id: number): Promise<unknown> => forgetting([id])],
    ['read again', (id: number): Promise<unknown> => db.knex.transaction((trx) => removeEarlierDetections(trx, [id]))],
  ])('lose what they had in one that is %s; nobody is left who was seen nowhere else', async (_, remove) => {
    const { first, both, stays } = await seenInTwoFiles();
    await remove(first);
    expect(await entities()).toEqual([{ id: both, detection_count: 1, primary_detection_id: stays }]);
  });

  test('that a user named stay without a sighting', async () => {
    const { first, alone } = await seenInTwoFiles();
    await db.knex('entities').where({ id: alone }).update({ trust_status: 'trusted' });
    await forgetting([first]);
    expect((await entities()).find(({ id }) => id === alone)).toMatchObject({ detection_count: 0, primary_detection_id: null });
  });
});

test('a file that was forgotten leaves the store as if it had never come', async () => {
  await seedCamera(db.knex, CAMERA);
  const rest = [...seconds(0, 10, 5), ...seconds(60, 10, 5)];
  await storeFiles(db.knex, rest);
  await derive(db.knex);
  const expected = await readNormalisedRows(db.knex, '');
  await clearFootage(db.knex);

  await storeFiles(db.knex, [...rest, sighting(53)]);
  await derive(db.knex);
  expect(await readNormalisedRows(db.knex, '')).not.toEqual(expected);
  await forgetting([`/footage/${CAMERA}/sighting 53`]);
  expect(await readNormalisedRows(db.knex, '')).toEqual(expected);
});

test('nothing is left of a camera whose only file is forgotten', async () => {
  await seedCamera(db.knex, CAMERA);
  await storeFiles(db.knex, [sighting(0)]);
  await derive(db.knex);
  expect(await count('tracks')).toBe(1);
  await forgetting([`/footage/${CAMERA}/sighting 0`]);
  for (const table of ['media_files', 'detections', 'tracks', 'events']) expect(await count(table), table).toBe(0);
});

test.each([
  ['no file', [], { confirmed: true }],
  ['an unknown id', [987_654], {}],
  ['an unknown path', ['/nowhere'], {}],
  ['a file without confirmation', [1], { confirmed: false }],
])('forgetting %s is a usage error', async (_, files, more) => {
  await expect(forgetting(files, more)).rejects.toMatchObject({ exitCode: 2 });
});

test('a file that a live run is at is not forgotten', async () => {
  await seedCamera(db.knex, 'gate');
  const file = await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T00:00:00Z', more: { status: 'processing' } });
  const session = await openLockSession(db.database);
  await lockRun(session, RUN_ID);
  await expect(forgetting([file])).rejects.toMatchObject({ exitCode: 11 });
  await session.close();
  await expect(forgetting([file])).resolves.toMatchObject({ files: 1 });
});
