import { afterAll, beforeAll, expect, test } from 'vitest';
import { listFiles, type ListFilesOptions } from '../../../src/services/files/list-files.ts';
import { retryFiles } from '../../../src/services/files/retry-files.ts';
import { showFile } from '../../../src/services/files/show-file.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedFile, seedRun } from './seed.ts';

let db: TestDatabase;
const ids: Record<string, number> = {};
const zones = { cameras: {}, timezone: 'Europe/Berlin' };

beforeAll(async () => {
  db = await createTestDatabase();
  const { knex } = db;
  await seedRun(knex);
  await seedCamera(knex, 'gate');
  await seedCamera(knex, 'yard');
  ids['done'] = await seedFile(knex, { camera: 'gate', at: '2026-01-10T10:00:00Z' });
  ids['partial'] = await seedFile(knex, {
    camera: 'gate',
    at: '2026-01-11T10:00:00Z',
    more: { status: 'partial', failure_code: 'truncated', failure_message: 'ends early', readable_fraction: 0.4867, attempts: 1 },
  });
  ids['failed'] = await seedFile(knex, {
    camera: 'yard',
    at: '2026-01-12T10:00:00Z',
    more: { status: 'failed', failure_code: 'no_frames', attempts: 3, next_retry_at: knex.fn.now() },
  });
  ids['timeless'] = await seedFile(knex, {
    camera: 'yard',
    at: '2026-01-13T10:00:00Z',
    more: {
      status: 'failed',
      failure_code: 'time_unknown',
      captured_at: null,
      captured_at_source: null,
      ended_at: null,
      duration_ms: null,
    },
  });
  await seedDetection(knex, { fileId: ids['done'], camera: 'gate', at: '2026-01-10T10:00:00Z' });
  await seedDetection(knex, { fileId: ids['done'], camera: 'gate', at: '2026-01-10T10:00:00Z', offsetMs: 10_000 });
  await seedDetection(knex, {
    fileId: ids['done'],
    camera: 'gate',
    at: '2026-01-10T10:00:00Z',
    offsetMs: 500,
    more: { object_type: 'car' },
  });
});
afterAll(() => db.drop());

async function listed(options: Partial<ListFilesOptions>): Promise<Record<string, unknown>[]> {
  const rows: Record<string, unknown>[] = [];
  const defaults: ListFilesOptions = { scope: {}, filter: {}, sort: { field: 'id', descending: false }, limit: 0, zones };
  for await (const row of await listFiles(db.knex, { ...defaults, ...options })) rows.push(row);
  return rows;
}
const idsOf = async (options: Partial<ListFilesOptions>): Promise<unknown[]> => (await listed(options)).map((row) => row['id']);

test('lists files with how many detections they hold, also those without a time', async () => {
  const rows = await listed({});
  expect(rows.map((row) => [row['id'], row['detections']])).toEqual([
    [ids['done'], 3],
    [ids['partial'], 0],
    [ids['failed'], 0],
    [ids['timeless'], 0],
  ]);
  expect(rows[1]).toMatchObject({ status: 'partial', code: 'truncated', fraction: 0.4867, message: 'ends early', duration_s: 10 });
  expect(rows[1]).toMatchObject({ started_at_local: '2026-01-11T11:00:00.000+01:00', time_source: 'filename' });
  expect(rows[3]).toMatchObject({ started_at: null, started_at_local: null, time_source: null, duration_s: null });
});

test('narrows by status, code, hash, camera and time', async () => {
  expect(await idsOf({ filter: { statuses: ['failed', 'partial'] } })).toEqual([ids['partial'], ids['failed'], ids['timeless']]);
  expect(await idsOf({ filter: { codes: ['truncated'] } })).toEqual([ids['partial']]);
  const sha = String((await listed({}))[0]!['sha256']);
  expect(await idsOf({ filter: { sha256Prefix: sha.slice(0, 12) } })).toEqual([ids['done']]);
  expect(await idsOf({ filter: { sha256Prefix: '%' } })).toEqual([]);
  expect(await idsOf({ scope: { cameras: ['yard'] } })).toEqual([ids['failed'], ids['timeless']]);
  expect(await idsOf({ scope: { since: '2026-01-11', until: '2026-01-11' } })).toEqual([ids['partial']]);
});

test('shows a file by id and by path, with its classes', async () => {
  const byId = await showFile(db.knex, String(ids['done']), zones);
  const byPath = await showFile(db.knex, '/footage/gate/2026-01-10T10:00:00Z.mp4', zones);
  expect(byPath).toEqual(byId);
  expect(byId.classes).toEqual([
    { object_type: 'person', count: 2, max_score: 0.9 },
    { object_type: 'car', count: 1, max_score: 0.9 },
  ]);
  expect(byId.captured_at_local).toBe('2026-01-10T11:00:00.000+01:00');
});

test.each(['999999', '/nowhere.jpg'])('showing %s, which is no file, is a usage error', async (name) => {
  await expect(showFile(db.knex, name, zones)).rejects.toThrow(expect.objectContaining({ exitCode: 2, code: 'file_unknown' }));
});

test('retry without saying what is a usage error', async () => {
  await expect(retryFiles(db.knex, { files: [], all: false, dryRun: false })).rejects.toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('a dry run counts and changes nothing', async () => {
  expect(await retryFiles(db.knex, { files: [], all: true, dryRun: true })).toBe(3);
  expect(await idsOf({ filter: { statuses: ['failed', 'partial'] } })).toHaveLength(3);
});

test('retry leaves files alone that are neither failed nor partial', async () => {
  expect(await retryFiles(db.knex, { files: [String(ids['done'])], all: false, dryRun: false })).toBe(0);
  expect((await showFile(db.knex, String(ids['done']), zones)).status).toBe('done');
});

test('retry by code, by camera and by id gives files fresh attempts', async () => {
  expect(await retryFiles(db.knex, { files: [], codes: ['no_frames'], all: false, dryRun: false })).toBe(1);
  const failed = await showFile(db.knex, String(ids['failed']), zones);
  expect(failed).toMatchObject({ status: 'pending', attempts: 0, failure_code: null, next_retry_at: null });
  expect(await retryFiles(db.knex, { files: [], cameras: ['g*'], all: false, dryRun: false })).toBe(1);
  expect(await retryFiles(db.knex, { files: [String(ids['timeless'])], all: false, dryRun: false })).toBe(1);
  expect(await idsOf({ filter: { statuses: ['pending'] } })).toHaveLength(3);
});
