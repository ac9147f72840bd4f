import { readdir, readFile, rm, stat, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { differences } from '../faults/differences.ts';
import { cutShort, drawClip, drawStill } from '../faults/draw-footage.ts';
import { findViolations } from '../faults/find-violations.ts';
import { place } from '../faults/mixed-footage.ts';
import { dumpStore, readNormalisedRows, type NormalisedRows } from '../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs } from '../helpers/run-hs.ts';
import { BUCKET, S3_ENVIRONMENT, startS3Double, type S3Double } from '../helpers/s3-double.ts';

const LIMIT_MS = 240_000;
const ROOT = `s3://${BUCKET}/house`;
const INGEST = ['ingest', '--detector', 'motion', '--quiet'];
const NO_REQUESTS = { list: 0, head: 0, get: 0 };

let folder: string;
let footage: string;
let store: S3Double;
let direct: TestDatabase;
let queued: TestDatabase;
let onDisk: NormalisedRows;

const WALKER = { x: '10+4*T', y: '40', width: 16, height: 40 };
const CLIP_S = 4;

/** Unbroken clips, one of them torn, stills under a name with a blank and letters of its own, and files that are none. */
async function makeFootage(): Promise<void> {
  const put = (path: string, source: string | Buffer): Promise<void> => place(join(footage, path), source);
  for (const [i, start] of ['081500', '081504', '081508'].entries()) {
    await put(`gate/20260114_${start}.mp4`, await drawClip({ name: 'clip.mp4', figures: [WALKER], seconds: CLIP_S, fromS: i * CLIP_S }));
  }
  await put(
    'gate/20260114_081512.mkv',
    await cutShort(await drawClip({ name: 'clip.mkv', figures: [WALKER], seconds: CLIP_S, fromS: 12 }), 0.6),
  );
  for (const i of [9, 10])
    await put(`Höf 2/20260114_09${String(i).padStart(2, '0')}00.jpg`, await drawStill([{ left: 8 * i, top: 50, width: 14, height: 36 }]));
  await put('odd/20260114_110000.mp4', Buffer.alloc(0));
  await put('odd/20260114_110100.mp4', Buffer.from(`<html>${'no footage here '.repeat(40)}</html>`));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-s3-'));
  footage = join(folder, 'footage');
  await makeFootage();
  store = await startS3Double({ pageSize: 5 });
  for (const entry of await readdir(footage, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    store.put(`house/${relative(footage, path)}`, await readFile(path), (await stat(path)).mtime);
  }
  [direct, queued] = [await createTestDatabase(), await createTestDatabase()];
  const disk = await createTestDatabase();
  expect((await hs(disk, ...INGEST, footage)).code).toBe(3);
  onDisk = await readNormalisedRows(disk.knex, footage);
  await disk.drop();
  expect(store.takeCounts()).toEqual(NO_REQUESTS);
}, LIMIT_MS);

afterAll(async () => {
  await direct.drop();
  await queued.drop();
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

function hs(database: TestDatabase, ...args: string[]) {
  const home = join(folder, database === queued && args[0] === 'worker' ? 'worker-home' : 'home');
  const ours = { HS_DATABASE_URL: database.url, HS_HOME: home, HS_S3_ENDPOINT: store.endpoint, HS_S3_PATH_STYLE: 'true' };
  return runHs(args, { env: { ...S3_ENVIRONMENT, ...ours }, timeoutMs: 120_000 });
}

test('a tree in object storage gives the rows of the same tree on disk, and each object is read once', { timeout: LIMIT_MS }, async () => {
  expect(await hs(direct, ...INGEST, ROOT)).toMatchObject({ code: 3 });
  expect(differences(onDisk, await readNormalisedRows(direct.knex, ROOT))).toEqual([]);
  const files = await direct.knex('media_files').orderBy('path').select('path', 'object_etag');
  expect(files.every(({ path }: { path: string }) => path.startsWith(`${ROOT}/`))).toBe(true);
  expect(files.every(({ object_etag: etag }: { object_etag: string }) => /^[0-9a-f]{32}$/.test(etag))).toBe(true);
  expect(store.takeCounts().get).toBe(files.length);
  expect(await direct.knex<{ folder_path: string }>('cameras').pluck('folder_path')).toContain(`${ROOT}/gate`);
});

test('a second run reads nothing and changes nothing', { timeout: LIMIT_MS }, async () => {
  const before = await dumpStore(direct.knex);
  await hs(direct, ...INGEST, `${ROOT}/`);
  expect(store.takeCounts()).toMatchObject({ head: 0, get: 0 });
  expect(await dumpStore(direct.knex)).toEqual(before);
});

test('a clip is cut from objects that are not here any more, and none counts as lost', { timeout: LIMIT_MS }, async () => {
  await rm(join(folder, 'home', 's3-cache'), { recursive: true });
  const event = await direct.knex<{ id: number; camera_id: string }>('events').where({ camera_id: 'gate' }).orderBy('id').first('id');
  const clip = await hs(direct, 'events', 'clip', String(event?.id), '--out', join(folder, 'clip.mp4'), '--verify', '--json');
  expect(clip).toMatchObject({ code: 0 });
  expect((await stat(join(folder, 'clip.mp4'))).size).toBeGreaterThan(1000);
  expect(store.takeCounts().get).toBeGreaterThan(0);
  const lost = await hs(direct, 'check', '--files', '--json');
  expect(lost.stdout).not.toContain('is not there');
});

test('a worker with a home of its own does queued footage', { timeout: LIMIT_MS }, async () => {
  expect(await hs(queued, ...INGEST, '--queue', ROOT)).toMatchObject({ code: 0 });
  expect(await hs(queued, 'worker', '--quiet', '--once')).toMatchObject({ code: 0 });
  expect(differences(onDisk, await readNormalisedRows(queued.knex, ROOT))).toEqual([]);
  expect(await findViolations(queued.knex)).toEqual([]);
});

test('what is wrong with the store is one line, without credentials', { timeout: LIMIT_MS }, async () => {
  const { code, stderr } = await hs(direct, ...INGEST, 's3://elsewhere/house');
  expect(code).toBe(2);
  expect(stderr).toMatch(/^.*there is no bucket at s3:\/\/elsewhere\/house\n.*check its name.*\n$/);
  expect(stderr).not.toContain(S3_ENVIRONMENT.AWS_ACCESS_KEY_ID);
});
