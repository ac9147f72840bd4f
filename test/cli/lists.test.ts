import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertJob } from '../../src/db/models/jobs.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun, RUN_ID } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let fileId = 0;
let changeId = 0;
const hs = (args: string[], input?: string): Promise<HsResult> =>
  runHs(args, {
    env: { HS_DATABASE_URL: db.url, HS_DETECTOR_CLASSES: 'person,parcel' },
    cwd: '/tmp',
    ...(input === undefined ? {} : { input }),
  });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'yard');
  await seedCamera(db.knex, 'gate');
  fileId = await seedFile(db.knex, { camera: 'yard', at: '2026-01-10T10:00:00Z' });
  await seedDetection(db.knex, { fileId, camera: 'yard', at: '2026-01-10T10:00:00Z', more: { object_type: 'hedgehog' } });
  const change = { camera_id: 'yard', change_type: 'view_blocked', similarity_score: 0.1 };
  const [row] = await db.knex('scene_changes').insert(change).returning<{ id: number }[]>('id');
  changeId = row!.id;
});
afterAll(() => db.drop());

const LISTS_BY_CLASS = [
  ['events', 'list'],
  ['detections', 'list'],
  ['tracks', 'list'],
  ['export', 'events', '--out', '-'],
  ['export', 'detections', '--out', '-'],
];

test.each(LISTS_BY_CLASS)('%s %s refuses a class nobody knows and takes one that was just not seen', async (...command) => {
  const wrong = await hs([...command, '--type', 'persn']);
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('did you mean person?') });
  // of the labels, of the settings, of the store
  expect((await hs([...command, '--type', 'giraffe,Parcel,hedgehog'])).code).toBe(0);
});

test.each([
  ['an id', '99', 'no file of the ledger has the id 99'],
  ['a path', '/nowhere.mp4', 'no file of the ledger is at /nowhere.mp4'],
])('detections of a file that is not there, by %s, are a usage error', async (_, file, message) => {
  expect(await hs(['detections', 'list', '--file', file])).toMatchObject({ code: 2, stderr: expect.stringContaining(message) });
});

test.each([
  [['jobs', 'list', '--type', 'exprt'], 'did you mean export?'],
  [['runs', 'list', '--command', 'ingst'], 'did you mean ingest?'],
  [['files', 'list', '--code', 'broken'], '--code: nothing has broken; there are none yet'],
])('%j is empty and says that nothing is called so', async (args, remark) => {
  await insertJob(db.knex, { id: uuidV7(), job_type: 'export' });
  const { code, stderr } = await hs([...args, '--csv']);
  expect(code).toBe(0);
  expect(stderr).toContain(remark);
  expect((await hs([...args, '--json', '--quiet'])).stderr).toBe('');
});

test('jobs and runs are listed by the time they were made and in another order', async () => {
  await db.knex('runs').whereNot({ id: RUN_ID }).delete();
  await db.knex('jobs').delete();
  const ids = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'].map((at) => ({ id: uuidV7(), at }));
  for (const { id, at } of ids) {
    await insertJob(db.knex, { id, job_type: 'ingest' });
    await db.knex('jobs').where({ id }).update({ created_at: at });
  }
  await db.knex('runs').where({ id: RUN_ID }).update({ started_at: '2026-01-01T00:00:00Z' });
  await db.knex('runs').insert({ id: ids[0]!.id, command: 'export events', hs_version: '0', config_fingerprint: 'x' });
  expect((await hs(['jobs', 'list', '--until', '2026-01-01', '--ids'])).stdout).toBe(`${ids[0]!.id}\n`);
  expect((await hs(['jobs', 'list', '--since', '1h', '--ids'])).stdout).toBe('');
  expect((await hs(['runs', 'list', '--since', '1h', '--ids'])).stdout).toBe(`${ids[0]!.id}\n`);
  expect((await hs(['runs', 'list', '--sort', 'command:desc', '--ids'])).stdout).toBe(`${RUN_ID}\n${ids[0]!.id}\n`);
  expect(await hs(['runs', 'list', '--sort', 'args'])).toMatchObject({ code: 2 });
});

test('cameras and models are listed in another order', async () => {
  expect((await hs(['cameras', 'list', '--ids'])).stdout).toBe('gate\nyard\n');
  expect((await hs(['cameras', 'list', '--ids', '--sort', 'files:desc'])).stdout).toBe('yard\ngate\n');
  const ids = (await hs(['models', 'list', '--ids', '--sort', 'id:desc'])).stdout.trim().split('\n');
  expect(ids.length).toBeGreaterThan(1);
  expect(ids).toEqual([...ids].sort().reverse());
});

test.each([
  ['cameras', () => 'yard'],
  ['files', () => String(fileId)],
  ['runs', () => RUN_ID],
  ['models', () => 'yolox_nano'],
  ['scene-changes', () => String(changeId)],
])('%s show takes several ids, and those of standard input', async (topic, idOf) => {
  const id = idOf();
  const one = JSON.parse((await hs([topic, 'show', id, '--json'])).stdout) as { item: object };
  const several = JSON.parse((await hs([topic, 'show', '-', '--json'], `${id}\n\n${id}\n`)).stdout) as { items: object[] };
  expect(several.items).toEqual([one.item, one.item]);
  expect((await hs([topic, 'show', id, id])).stdout).toMatch(/^id .*\n\nid /s);
  expect(JSON.parse((await hs([topic, 'show', '-', '--json'], '')).stdout)).toEqual({ schema_version: 1, items: [] });
  expect(await hs([topic, 'show', id, 'nobody'])).toMatchObject({ code: 2, stdout: '' });
});

test('what is for one thing only is not taken for several', async () => {
  const ids = ['yolox_nano', 'yolox_nano_416'];
  expect(await hs(['models', 'show', ...ids, '--card'])).toMatchObject({ code: 2, stderr: expect.stringContaining('--card is for one') });
  const change = ['scene-changes', 'show', '-', '--out', 'x.png'];
  expect(await hs(change, '')).toMatchObject({ code: 2, stderr: expect.stringContaining('--out is for one scene change, not 0') });
});

test('words of a filter are separated by commas or given several times', async () => {
  const at = '2026-01-10T10:00:00Z';
  const seed = (object_type: string): ReturnType<typeof seedDetection> =>
    seedDetection(db.knex, { fileId, camera: 'yard', at, more: { object_type } });
  const members = [await seed('cat'), await seed('dog')];
  const ids = members.map(({ id }) => id);
  const listed = async (...flags: string[]): Promise<number[]> =>
    (await hs(['detections', 'list', ...flags, '--sort', 'id', '--ids'])).stdout.trim().split('\n').map(Number);
  expect(await listed('--type', 'cat,Dog')).toEqual(ids);
  expect(await listed('--type', 'cat', '--type', 'dog')).toEqual(ids);
  const event = await seedEvent(db.knex, { camera: 'yard', members, more: { risk_score: 70, risk_level: 'high', risk_source: 'rules' } });
  expect((await hs(['events', 'list', '--level', 'low', '--level', 'high', '--ids'])).stdout).toBe(`${String(event)}\n`);
  expect((await hs(['events', 'list', '--level', 'low,medium', '--ids'])).stdout).toBe('');
  expect(await hs(['events', 'list', '--level', 'low,'])).toMatchObject({ code: 2 });
});

test.each(LISTS_BY_CLASS)('%s %s takes zones by name or pattern and refuses one that is not there', async (...command) => {
  await db.knex('zones').where({ name: 'Porch, left' }).delete();
  const corners = '[[0,0],[1,0],[1,1],[0,1]]';
  await db.knex('zones').insert({ id: 'porch', name: 'Porch, left', camera_id: 'yard', coordinates: corners });
  const found = await hs([...command, '--zone', 'porch*']);
  expect(found.code).toBe(0);
  const wrong = await hs([...command, '--zone', 'prch']);
  expect(wrong).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('did you mean porch?') });
});
