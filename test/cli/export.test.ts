import { mkdtemp, readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readXlsx } from 'hucre/xlsx';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seedCamera, seedEvent } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { runHs, startHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder: string;
const ids: number[] = [];

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate');
  for (const day of [10, 11, 12]) {
    ids.push(await seedEvent(db.knex, { camera: 'gate', members: [], at: `2026-01-${String(day)}T00:00:00Z`, more: { notes: '=1+1' } }));
  }
});
afterAll(() => db.drop());

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'hs-cli-export-')));
  return () => rm(folder, { recursive: true });
});

const hs = (args: string[], input = ''): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url }, cwd: folder, input });

test('writes a private CSV under a name made from the time', async () => {
  const { code, stdout } = await hs(['export', 'events', '--actor', 'me']);
  expect(code).toBe(0);
  const [name] = await readdir(folder);
  expect(name).toMatch(/^hs-events-\d{8}T\d{6}Z\.csv$/);
  expect(stdout).toBe(`3 events written to ${join(folder, name!)}\n`);
  expect((await stat(join(folder, name!))).mode & 0o777).toBe(0o600);
  expect(parseCsv(await readFile(join(folder, name!), 'utf8'))).toHaveLength(4);
});

test('the job, its run and the export row tell the same story', async () => {
  await hs(['export', 'events', '--out', 'x.csv', '--actor', 'auditor']);
  const audit = await db.knex('audit_logs').where('actor', 'auditor').first();
  expect(audit).toMatchObject({ action: 'media_exported', details: { rows: 3, path: join(folder, 'x.csv') } });
  const jobId = audit.resource_id as string;
  expect(await db.knex('jobs').where('id', jobId).first()).toMatchObject({
    job_type: 'export',
    status: 'completed',
    progress_percent: 100,
  });
  expect(await db.knex('runs').where('job_id', jobId).first()).toMatchObject({ command: 'export events', exit_code: 0 });
  expect(await db.knex('export_jobs').where('id', jobId).first()).toMatchObject({ status: 'completed', total_items: 3 });
});

test('- puts the data, and nothing else, on standard output', async () => {
  const { stdout, code } = await hs(['export', 'events', '--out', '-', '--columns', 'id,notes', '--json']);
  expect(code).toBe(0);
  expect(stdout).toBe(`id,notes\n${ids.map((id) => `${String(id)},'=1+1\n`).join('')}`);
  expect(await readdir(folder)).toEqual([]);
});

test('takes ids from standard input, in any order', async () => {
  const { stdout } = await hs(
    ['export', 'events', '--ids', '-', '--out', '-', '--columns', 'id'],
    `${String(ids[2])}\n${String(ids[0])}\n`,
  );
  expect(stdout).toBe(`id\n${String(ids[0])}\n${String(ids[2])}\n`);
  expect((await hs(['export', 'events', '--ids', '-', '--out', '-', '--columns', 'id'], '')).stdout).toBe('id\n');
});

test('a named file is replaced as a whole, and kept when the export cannot be made', async () => {
  await writeFile(join(folder, 'x.csv'), 'old');
  expect(await hs(['export', 'events', '--out', 'x.csv', '--columns', 'nope'])).toMatchObject({ code: 2 });
  expect(await readFile(join(folder, 'x.csv'), 'utf8')).toBe('old');
  expect(await hs(['export', 'events', '--out', 'x.csv', '--columns', 'id'])).toMatchObject({ code: 0 });
  expect(await readFile(join(folder, 'x.csv'), 'utf8')).toMatch(/^id\n/);
  expect(await readdir(folder)).toEqual(['x.csv']);
});

test('an empty export is a header and code 0, or 4 when asked', async () => {
  const flags = ['export', 'events', '--since', '2030-01-01', '--columns', 'id', '--out', '-'];
  expect(await hs(flags)).toMatchObject({ code: 0, stdout: 'id\n' });
  expect(await hs([...flags, '--fail-on-empty'])).toMatchObject({ code: 4, stdout: 'id\n' });
});

test('JSON and NDJSON are offered', async () => {
  expect(JSON.parse((await hs(['export', 'events', '--format', 'json', '--out', '-'])).stdout)).toMatchObject({
    schema: 'hs-events',
    count: 3,
  });
  expect((await hs(['export', 'detections', '--format', 'ndjson', '--out', '-'])).stdout).toBe('');
});

test('an Excel workbook has the events, pictures only where asked for, and says what is missing', async () => {
  const { code, stdout } = await hs(['export', 'events', '--format', 'excel', '--thumbnails']);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^3 events written to .*\.xlsx\n$/)]);
  const [name] = await readdir(folder);
  const { sheets } = await readXlsx(await readFile(join(folder, name!)));
  expect(sheets.map(({ name, rows }) => [name, rows.length])).toEqual([
    ['events', 4],
    ['about', expect.any(Number)],
  ]);
  expect(sheets[0]!.rows[1]?.[1]).toBe(ids[0]);
  expect(sheets[1]!.rows).toContainEqual(['Rows without a readable picture', 3]);
  expect(await hs(['export', 'events', '--thumbnails'])).toMatchObject({ code: 2 });
});

test('--json describes the file that was written', async () => {
  const { stdout } = await hs(['export', 'events', '--out', 'x.ndjson', '--format', 'ndjson', '--json']);
  const { item } = JSON.parse(stdout) as { item: { rows: number; bytes: number; path: string; sha256: string } };
  expect(item).toMatchObject({ rows: 3, path: join(folder, 'x.ndjson'), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
  expect((await stat(item.path)).size).toBe(item.bytes);
});

test('a reader that goes away ends the export quietly', async () => {
  await db.knex.raw(
    `INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types, summary)
     SELECT 'many-' || n, 'gate', '2026-03-01'::timestamptz + n * interval '1 minute', '2026-03-01'::timestamptz + n * interval '1 minute',
            'person', repeat('x', 500) FROM generate_series(1, 5000) AS n`,
  );
  const child = startHs(['export', 'events', '--out', '-'], { env: { HS_DATABASE_URL: db.url } });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((done) => child.on('close', done));
  expect([code, stderr.includes('EPIPE')]).toEqual([0, false]);
  await db.knex('events').where('batch_id', 'like', 'many-%').delete();
});
