import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let done: number;
let failed: number;
const hs = (...args: string[]): Promise<HsResult> => runHs(['files', ...args], { env: { HS_DATABASE_URL: db.url } });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate');
  done = await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T10:00:00Z', more: { analysed_offsets_ms: [500, 1000] } });
  failed = await seedFile(db.knex, { camera: 'gate', at: '2026-01-11T10:00:00Z', more: { status: 'failed', failure_code: 'no_frames' } });
});
afterAll(() => db.drop());

test('lists the ledger with the documented columns, and the failed ones alone', async () => {
  const { stdout } = await hs('list', '--csv');
  expect(stdout.split('\n')[0]).toBe('id,status,code,fraction,camera_id,started_at,time_source,duration_s,detections,path');
  expect((await hs('list', '--failed', '--ids')).stdout).toBe(`${String(failed)}\n`);
});

test('shows a file; the offsets of its frames in JSON, their number to people', async () => {
  expect((await hs('show', String(done))).stdout).toMatch(/^analysed_frames +2$/m);
  expect(JSON.parse((await hs('show', String(done), '--json')).stdout)).toMatchObject({
    item: { analysed_offsets_ms: [500, 1000], status: 'done' },
  });
});

test('marks failed files for the next ingest and says how many', async () => {
  expect(await hs('retry')).toMatchObject({ code: 2, stderr: expect.stringContaining('--all') });
  expect(await hs('retry', '--all', '--dry-run')).toMatchObject({ code: 0, stdout: '1 file would be marked for the next ingest\n' });
  expect(await hs('retry', String(failed), String(done))).toMatchObject({ code: 0, stdout: '1 file marked for the next ingest\n' });
  expect(JSON.parse((await hs('retry', '--all', '--json')).stdout)).toMatchObject({ item: { marked: 0 } });
});
