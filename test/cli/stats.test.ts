import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { seedCamera, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { parsePrometheus } from '../helpers/parse-prometheus.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let folder: string;
const hs = (...args: string[]): Promise<HsResult> => runHs(['stats', ...args], { env: { HS_DATABASE_URL: db.url }, cwd: folder });

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-stats-'));
  await seedRun(db.knex);
  for (const [camera, level] of [
    ['gate', 'high'],
    ['yard', 'low'],
  ] as const) {
    await seedCamera(db.knex, camera, { timezone: 'Europe/Berlin' });
    await seedFile(db.knex, { camera, at: '2026-03-28T22:30:00Z' });
    const more = { risk_score: level === 'high' ? 70 : 10, risk_level: level, risk_source: 'rules' };
    await seedEvent(db.knex, { camera, members: [], at: '2026-03-28T22:30:00Z', more });
  }
});
afterAll(async () => {
  await rm(folder, { recursive: true });
  await db.drop();
});

describe('the headline', () => {
  test('is lines for people, one item in JSON, one row in CSV', async () => {
    const [text, json, csv] = await Promise.all([hs(), hs('--json'), hs('--csv', '--columns', 'files,events_high,classes')]);
    expect(text.stdout).toMatch(/^events +2: 1 high, 1 low$/m);
    const { item } = JSON.parse(json.stdout) as { item: Record<string, unknown> };
    expect(item).toMatchObject({ files: 2, files_done: 2, files_failed: 0, events: 2, score_median: 40, classes: {}, ingest_runs: [] });
    expect(parseCsv(csv.stdout)).toEqual([
      ['files', 'events_high', 'classes'],
      ['2', '1', '{}'],
    ]);
  });

  test('of no footage is a code, if asked for', async () => {
    expect((await hs('--since', '2030-01-01')).code).toBe(0);
    expect((await hs('--since', '2030-01-01', '--fail-on-empty')).code).toBe(4);
  });
});

test('groups are lists with the usual formats, in the time of the camera', async () => {
  const { stdout } = await hs('--by', 'hour', '--ndjson', '--camera', 'gate');
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines[23]).toMatchObject({ hour: 23, files: 1, events: 1, events_high: 1 });
  expect(lines[24]).toEqual({ type: 'summary', count: 24, exit_code: 0 });
  const { stdout: table } = await hs('--by', 'day');
  expect(table).toMatch(/^2026-03-28 +2 /m);
  expect(table).not.toMatch(/[█#]/);
});

test('what does not go together is a usage error', async () => {
  const wrong = [
    ['--by', 'zone'],
    ['--out', 'x.svg'],
    ['--by', 'day', '--out', 'x.txt'],
    ['--prometheus', '--json'],
  ];
  for (const args of wrong) expect(await hs(...args)).toMatchObject({ code: 2, stdout: '' });
});

test('days and hours can be drawn', async () => {
  expect((await hs('--by', 'day', '--out', 'days.svg')).code).toBe(0);
  expect(await readFile(join(folder, 'days.svg'), 'utf8')).toContain('2026-03-28, high: 1');
  expect((await hs('--by', 'hour', '--out', 'week.png')).code).toBe(0);
  expect((await readFile(join(folder, 'week.png'))).subarray(1, 4).toString()).toBe('PNG');
});

describe('--prometheus', () => {
  test('is read by a strict reader', async () => {
    const { types, samples } = parsePrometheus((await hs('--prometheus')).stdout);
    expect(new Set(types.values())).toEqual(new Set(['gauge']));
    const values = (name: string) => samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels, value]);
    expect(values('hs_files')).toContainEqual([{ status: 'done' }, 2]);
    expect(values('hs_events')).toContainEqual([{ level: 'critical' }, 0]);
    expect(values('hs_alerts')).toHaveLength(16);
    expect(values('hs_last_footage_timestamp_seconds')).toContainEqual([{ camera: 'yard' }, Date.UTC(2026, 2, 28, 22, 30, 10) / 1000]);
  });

  test('tells of queues, how long jobs wait in them, and who is alive', async () => {
    const job = { job_type: 'detect', queue_name: 'q"1', created_at: db.knex.raw(`now() - interval '1 h'`) };
    const over = { status: 'failed', started_at: db.knex.fn.now(), completed_at: db.knex.fn.now() };
    await db.knex('jobs').insert([job, { ...job, ...over }, { job_type: 'ingest', ...over }]);
    const [dead, live] = [uuidV7(), uuidV7()];
    await db.knex('runs').insert([dead, live].map((id) => ({ id, command: 'ingest', hs_version: '0', config_fingerprint: 'x' })));
    const session = await openLockSession(db.database);
    await lockRun(session, live);
    try {
      const { samples } = parsePrometheus((await hs('--prometheus')).stdout);
      const values = (name: string) => samples.filter((sample) => sample.name === name).map(({ labels, value }) => [labels, value]);
      expect(values('hs_queue_jobs')).toEqual(
        ['q"1', '(direct)'].flatMap((queue) =>
          ['queued', 'running', 'completed', 'failed', 'cancelled'].map((status) => [
            { queue, status },
            status === 'failed' || (status === 'queued' && queue !== '(direct)') ? 1 : 0,
          ]),
        ),
      );
      const ages = values('hs_queue_oldest_seconds');
      expect(ages).toEqual([[{ queue: 'q"1' }, expect.any(Number)], [{ queue: '(direct)' }, 0]]); // prettier-ignore
      expect(ages[0]?.[1]).toBeGreaterThanOrEqual(3600);
      expect(values('hs_live_runs')).toEqual([[{ command: 'worker' }, 0], [{ command: 'ingest' }, 1]]); // prettier-ignore
    } finally {
      await session.close();
    }
  });

  test('a new file is private, and one that is there keeps its mode', async () => {
    const path = join(folder, 'hs.prom');
    expect(await hs('--prometheus', '--out', path)).toMatchObject({ code: 0, stdout: '' });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, 'old');
    await chmod(path, 0o644);
    expect((await hs('--prometheus', '--out', path)).code).toBe(0);
    expect((await stat(path)).mode & 0o777).toBe(0o644);
    expect(parsePrometheus(await readFile(path, 'utf8')).samples.length).toBeGreaterThan(30);
  });
});
