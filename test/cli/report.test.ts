import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder: string;
const hs = (...args: string[]): Promise<HsResult> => runHs(['report', ...args], { env: { HS_DATABASE_URL: db.url }, cwd: folder });

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-report-'));
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin' });
  await seedFile(db.knex, { camera: 'gate', at: '2026-01-14T08:00:00Z' });
  const more = { risk_score: 70, risk_level: 'high', risk_source: 'rules', summary: 'a person\u001b[31m and <b>' };
  await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-14T08:00:00Z', more });
});
afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

test('without --out it is a text, safe for a terminal; --json is one document', async () => {
  const text = await hs('daily');
  expect(text).toMatchObject({ code: 0, stderr: '' });
  expect(text.stdout).toContain('Daily report: Wednesday 14 January 2026\n');
  expect(text.stdout).toMatch(/ {2}High {2}70 {2}2026-01-14 09:00:00 \+01:00 {2}gate {2}#\d+ {2}a person/);
  expect(text.stdout).not.toContain('\u001b');
  const json = JSON.parse((await hs('camera', 'gate', '--json')).stdout) as object;
  expect(json).toMatchObject({ schema_version: 1, report: { kind: 'camera', counts: { events: 1 }, timezone: 'Europe/Berlin' } });
});

test('the name of a file tells its format, a folder gets a page', async () => {
  const named = await hs('weekly', '--out', 'week.txt');
  expect(named.stdout).toBe(`report of 1 event written to ${join(folder, 'week.txt')}\n`);
  expect(await readFile(join(folder, 'week.txt'), 'utf8')).toContain('Weekly report: 12 – 18 January 2026');
  const made = await hs('daily', '--out', '.', '--no-thumbnails', '--json');
  expect(JSON.parse(made.stdout)).toMatchObject({
    schema_version: 1,
    item: { format: 'html', path: join(folder, 'hs-report-daily-2026-01-14.html') },
  });
  expect((await readdir(folder)).sort()).toEqual(['hs-report-daily-2026-01-14.html', 'week.txt']);
});

test.each([
  ['nothing then', ['daily', '--date', '2025-06-01'], 0, 'No footage of this time'],
  ['nothing then, and that is a failure', ['daily', '--date', '2025-06-01', '--fail-on-empty'], 4, 'No footage of this time'],
  ['a file of another kind', ['daily', '--out', 'day.pdf'], 2, 'a report is .html, .json or .txt'],
  ['a camera that is not there', ['camera', 'gaet'], 2, 'no camera matches'],
])('%s', async (_, args, code, said) => {
  const { stdout, stderr, ...result } = await hs(...args);
  expect(result).toEqual({ code });
  expect(stdout + stderr).toContain(said);
});
