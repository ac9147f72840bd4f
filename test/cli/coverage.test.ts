import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seedCamera, seedRun } from '../db/answers/seed.ts';
import { seedFootage } from '../db/baselines/seed-activity.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 2, 28, 22);

let db: TestDatabase;
const hs = (...args: string[]): Promise<HsResult> => runHs(['coverage', ...args], { env: { HS_DATABASE_URL: db.url } });

/** The night the clocks go forward; an hour is missing, then half of one could not be read, then a whole one failed. */
beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin' });
  await seedCamera(db.knex, 'hall', { timezone: 'Europe/Berlin' });
  await seedCamera(db.knex, 'unused');
  const at = (hours: number): number => START_MS + hours * HOUR_MS;
  await seedFootage(db.knex, 'gate', [
    { startMs: at(0), lengthMs: 3 * HOUR_MS },
    { startMs: at(4), lengthMs: HOUR_MS / 2, status: 'partial', claimedMs: HOUR_MS },
    { startMs: at(5), lengthMs: HOUR_MS },
    { startMs: at(6), lengthMs: 0, status: 'failed', claimedMs: HOUR_MS },
    { startMs: at(7), lengthMs: HOUR_MS },
    { startMs: at(8) + 10_000, lengthMs: HOUR_MS },
  ]);
  await seedFootage(db.knex, 'hall', [
    { startMs: at(0), lengthMs: 20_000 },
    { startMs: at(20), lengthMs: 20_000 },
  ]);
});
afterAll(() => db.drop());

const HOLES = [
  { camera_id: 'gate', from: '2026-03-29T01:00:00.000Z', to: '2026-03-29T02:00:00.000Z', seconds: 3600, cause: 'none_recorded' },
  { camera_id: 'gate', from: '2026-03-29T02:30:00.000Z', to: '2026-03-29T03:00:00.000Z', seconds: 1800, cause: 'partial_file' },
  { camera_id: 'gate', from: '2026-03-29T04:00:00.000Z', to: '2026-03-29T05:00:00.000Z', seconds: 3600, cause: 'failed_files' },
];

test('a camera without footage is there, with nothing', async () => {
  const { stdout } = await hs('--camera', 'unused', '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    items: [{ camera_id: 'unused', recording: null, first_at: null, footage_hours: 0, holes: 0, last_footage_age_s: null }],
  });
  expect((await hs('--camera', 'unused', '--matrix')).stdout).toBe('no footage\n');
});

test('says of each camera how much there is and what is missing (§8.1)', async () => {
  const { code, stdout } = await hs('--json');
  expect(code).toBe(0);
  const { items } = JSON.parse(stdout) as { items: object[] };
  expect(items).toMatchObject([
    {
      camera_id: 'gate',
      recording: 'continuous',
      first_at: '2026-03-28T22:00:00.000Z',
      last_at: '2026-03-29T07:00:10.000Z',
      footage_hours: 6.5,
      covered_hours: 7,
      holes: 3,
      missing_hours: 2.5,
      longest_hole_s: 3600,
      last_footage_age_s: 11 * 3600 + 10,
    },
    { camera_id: 'hall', recording: 'triggered', covered_hours: 20, holes: 0, last_footage_age_s: 0 },
    { camera_id: 'unused' },
  ]);
});

describe('holes', () => {
  test('have a cause, and 10 seconds are none', async () => {
    const { items } = JSON.parse((await hs('--holes', '--json')).stdout) as { items: object[] };
    expect(items).toMatchObject(HOLES);
  });

  test('are told in CSV for programs and in local time for people', async () => {
    const rows = parseCsv((await hs('--holes', '--csv', '--camera', 'gate')).stdout);
    expect(rows[0]).toEqual(['camera_id', 'from', 'to', 'seconds', 'cause']);
    expect(rows).toHaveLength(4);
    expect((await hs('--holes')).stdout).toContain('2026-03-29T04:30:00.000+02:00');
  });

  test('can be asked for from a length on, and of a time', async () => {
    expect(JSON.parse((await hs('--holes', '--json', '--min-gap', '31m', '--camera', 'gate')).stdout)).toMatchObject({
      items: [HOLES[0], HOLES[2]],
    });
    expect(JSON.parse((await hs('--holes', '--json', '--min-gap', '5h')).stdout)).toMatchObject({ items: [{ camera_id: 'hall' }] });
    const part = { from: '2026-03-29T04:30:00.000Z', to: '2026-03-29T05:00:00.000Z', seconds: 1800 };
    expect(JSON.parse((await hs('--holes', '--json', '--since', '2026-03-29T04:30:00Z', '--camera', 'gate')).stdout)).toMatchObject({
      items: [part],
    });
  });
});

test('--fail-on gap ends with 7 when there is a hole, and says so in the data', async () => {
  expect((await hs('--fail-on', 'gap')).code).toBe(7);
  expect((await hs('--fail-on', 'gap', '--camera', 'hall')).code).toBe(0);
  const { code, stdout } = await hs('--fail-on', 'gap', '--ndjson');
  expect(code).toBe(7);
  expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({ type: 'summary', count: 3, exit_code: 7 });
  expect((await hs('--fail-on', 'tamper')).code).toBe(2);
});

test('the age of the last footage is counted to any time', async () => {
  const { items } = JSON.parse((await hs('--json', '--as-of', '2026-03-31T00:00:00Z', '--camera', 'hall')).stdout) as { items: object[] };
  expect(items).toMatchObject([{ last_footage_age_s: 86_400 + 6 * 3600 - 20 }]);
  expect((await hs('--as-of', 'tomorrow')).code).toBe(2);
});

test('the matrix has a line for each camera and a column for each day of its own', async () => {
  const rows = parseCsv((await hs('--matrix', '--csv')).stdout);
  expect(rows).toEqual([
    ['camera_id', '2026-03-28', '2026-03-29'],
    ['gate', '1', '5.5'],
    ['hall', '0.01', '0.01'],
    ['unused', undefined, undefined],
  ]);
});

test('the matrix of few days shows each hour on the wall, holes and the hour that did not occur', async () => {
  const { stdout } = await hs('--matrix');
  expect(stdout.split('\n').slice(0, 4)).toEqual([
    '        2026-03-28               2026-03-29',
    'hour    0     6     12    18     0     6     12    18',
    `gate    ${' '.repeat(23)}█ ██ ·▒█·██░${' '.repeat(14)}!`,
    `hall    ${' '.repeat(23)}░ ·· ${'·'.repeat(17)}░`,
  ]);
  expect(stdout).not.toContain('\u001b');
});

test('cameras and days can be drawn', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hs-coverage-'));
  const path = join(folder, 'footage.svg');
  expect(await hs('--out', path)).toMatchObject({ code: 0, stdout: '' });
  const svg = await readFile(path, 'utf8');
  await rm(folder, { recursive: true });
  expect(svg).toContain('Footage from 2026-03-28 to 2026-03-29');
  expect(svg).toContain('gate, 2026-03-29, 3–4 h: 0 % of the time, with a hole');
  expect((await hs('--out', 'footage.txt')).code).toBe(2);
});

test('a camera nobody knows is a usage error', async () => {
  expect(await hs('--camera', 'gaet')).toMatchObject({ code: 2, stdout: '' });
});
