import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { deleteCamera } from '../../../src/services/cameras/delete-camera.ts';
import { removeClips } from '../../../src/services/clips/remove-clips.ts';
import { clearData } from '../../../src/services/database/clear-data.ts';
import { forgetFiles } from '../../../src/services/files/forget-files.ts';
import { deriveChanged } from '../../../src/services/ingest/derive-changed.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { makeFolder } from '../../helpers/footage.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';
import { CAMERA, clearFootage, sighting, storeFiles } from '../derive/synthetic-footage.ts';

const settings = { cameras: {}, detector: { gates: {} } };
const actor = 'tester';
const signal = new AbortController().signal;
let db: TestDatabase;
let folder: Awaited<ReturnType<typeof makeFolder>>;
let clips: string;

beforeAll(async () => {
  db = await createTestDatabase();
});

beforeEach(async () => {
  folder = await makeFolder();
  clips = join(folder.path, 'clips');
  await mkdir(clips);
  await seedRun(db.knex);
  for (const id of [CAMERA, 'shed']) await seedCamera(db.knex, id);
});

afterEach(async () => {
  await clearFootage(db.knex);
  for (const table of ['runs', 'cameras']) await db.knex(table).delete();
  await folder.dispose();
});

afterAll(() => db.drop());

const nameOf = (id: number): string => `event-${id}-0123456789ab.mp4`;

async function giveClips(): Promise<void> {
  for (const id of await db.knex('events').pluck('id')) {
    await writeFile(join(clips, nameOf(id)), 'clip');
    await db
      .knex('events')
      .where({ id })
      .update({ clip_path: join(clips, nameOf(id)) });
  }
}

/** An event with a clip of each of two cameras; returns the file of the first. */
async function twoEvents(): Promise<number> {
  const files = [];
  for (const camera of [CAMERA, 'shed']) {
    const at = '2026-01-10T00:00:00Z';
    files.push(await seedFile(db.knex, { camera, at }));
    await seedEvent(db.knex, { camera, members: [await seedDetection(db.knex, { fileId: files.at(-1)!, camera, at })] });
  }
  await giveClips();
  return files[0]!;
}

const forgetting = { actor, confirmed: true, settings };

test.each([
  ['forgotten file', (file: number) => forgetFiles(db.database, { ...forgetting, files: [String(file)], dryRun: false }), 1],
  ['deleted camera', () => deleteCamera(db.database, { id: CAMERA, actor, dryRun: false, confirmed: true, signal }), 1],
  ['store that is reset', () => clearData(db.database, { actor, dryRun: false, confirmed: true }), 0],
  [
    'file that is only tried to be forgotten',
    (file: number) => forgetFiles(db.database, { ...forgetting, files: [String(file)], dryRun: true }),
    2,
  ],
])('clips of events go with a %s, those of other events stay', async (_, remove, left) => {
  await remove(await twoEvents());
  expect((await readdir(clips)).sort()).toEqual((await db.knex('events').orderBy('id').pluck('id')).map(nameOf));
  expect(await readdir(clips)).toHaveLength(left);
});

test('an event that another one takes in takes its clip along, also where a camera is derived by an ingest', async () => {
  await storeFiles(
    db.knex,
    [0, 20, 60, 80].map((second) => sighting(second)),
  );
  await deriveChanged(db.knex, settings, { detections: 0 });
  await giveClips();
  expect(await readdir(clips)).toHaveLength(2);
  await storeFiles(db.knex, [sighting(40)]);
  expect(await deriveChanged(db.knex, settings, { detections: 0 })).toMatchObject({ absorbed: 1 });
  expect(await readdir(clips)).toEqual((await db.knex('events').pluck('id')).map(nameOf));
});

test('what no clip of hs can be called is not removed, and one that is gone already is no failure', async () => {
  const others = ['notes.mp4', 'event-1-0123456789ab.mp4.txt', 'event-1-0123456789AB.mp4', '.clip-1', 'event--0123456789ab.mp4'];
  for (const name of others) await writeFile(join(clips, name), 'mine');
  await writeFile(join(folder.path, nameOf(1)), 'mine');
  await mkdir(join(clips, nameOf(2)));
  await writeFile(join(clips, nameOf(3)), 'clip');
  const named = [
    '',
    '/',
    'clips',
    nameOf(1),
    join(folder.path, nameOf(1)),
    ...[...others, nameOf(2), nameOf(3), nameOf(4)].map((name) => join(clips, name)),
  ];
  expect(await removeClips([])).toBe(0);
  expect(await removeClips(named)).toBe(1);
  expect((await readdir(clips)).sort()).toEqual([...others, nameOf(2)].sort());
  expect(await readdir(folder.path)).toContain(nameOf(1));
});
