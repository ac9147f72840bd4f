import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertJobLogs } from '../../src/db/models/job-logs.ts';
import { insertJob } from '../../src/db/models/jobs.ts';
import { insertRun } from '../../src/db/models/runs.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { HS_BIN, runHs, startHs, type HsResult } from '../helpers/run-hs.ts';

const JOBS = 300;
const JOB_ID = uuidV7();
const RUN_ID = uuidV7();

let db: TestDatabase;
let folder = '';

beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-'));
  await insertJob(db.knex, { id: JOB_ID, job_type: 'ingest' });
  const lines = ['info', 'warning', 'debug'].map((level) => ({
    job_id: JOB_ID,
    attempt_number: 1,
    level: level as 'info',
    message: `a ${level} line`,
  }));
  await insertJobLogs(db.knex, lines);
  await insertRun(db.knex, {
    id: RUN_ID,
    command: 'ingest',
    args_json: { paths: ['/f'] },
    hs_version: '0.1.0',
    config_fingerprint: 'f',
    job_id: JOB_ID,
  });
  for (let n = 1; n < JOBS; n++) await insertJob(db.knex, { id: uuidV7(), job_type: n % 2 === 0 ? 'export' : 'ingest' });
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

function hs(args: string[], env: Record<string, string> = {}): Promise<HsResult> {
  return runHs(args, { env: { HS_DATABASE_URL: db.url, ...env }, cwd: folder });
}

test('help lists topics and says nothing on stderr', async () => {
  const { code, stdout, stderr } = await hs(['--help']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const topic of ['db', 'events', 'export', 'files', 'jobs', 'models', 'runs'])
    expect(stdout).toMatch(new RegExp(`^ {2}${topic} `, 'm'));
});

test('jobs list shows 50 rows unless told otherwise, 0 means all', async () => {
  expect((await hs(['jobs', 'list'])).stdout.trimEnd().split('\n')).toHaveLength(51);
  expect((await hs(['jobs', 'list', '--limit', '0'])).stdout.trimEnd().split('\n')).toHaveLength(JOBS + 1);
  expect((await hs(['jobs', 'list', '--limit', '3', '--ids'])).stdout.trimEnd().split('\n')).toHaveLength(3);
});

test('every machine format holds only data on stdout', async () => {
  const args = ['jobs', 'list', '--type', 'export', '--limit', '0'];
  const json = JSON.parse((await hs([...args, '--json'])).stdout) as { schema_version: number; items: Record<string, unknown>[] };
  expect(json.schema_version).toBe(1);
  expect(json.items).toHaveLength(JOBS / 2 - 1);
  expect(json.items[0]).toMatchObject({ job_type: 'export', status: 'queued', started_at: null });
  const lines = (await hs([...args, '--ndjson'])).stdout.trimEnd().split('\n');
  expect(JSON.parse(lines.at(-1)!)).toEqual({ type: 'summary', count: json.items.length, exit_code: 0 });
  expect(lines.slice(0, -1).map((line) => JSON.parse(line) as unknown)).toEqual(json.items);
  const csv = (await hs([...args, '--csv', '--columns', 'status,id'])).stdout.split('\n');
  expect(csv.slice(0, 2)).toEqual(['status,id', `queued,${String(json.items[0]!['id'])}`]);
});

test('jobs show, jobs logs and runs show answer about one thing', async () => {
  const job = JSON.parse((await hs(['jobs', 'show', JOB_ID, '--json'])).stdout) as { item: Record<string, unknown> };
  expect(job.item).toMatchObject({ id: JOB_ID, status: 'queued', attempts: [], transitions: [] });
  expect((await hs(['jobs', 'show', JOB_ID])).stdout).toContain('job_type');
  const { stdout } = await hs(['jobs', 'logs', JOB_ID, '--level', 'info']);
  expect(stdout).toContain('a warning line');
  expect(stdout).not.toContain('a debug line');
  const run = JSON.parse((await hs(['runs', 'show', RUN_ID, '--json'])).stdout) as { item: Record<string, unknown> };
  expect(run.item).toMatchObject({ command: 'ingest', exit_code: null, args: { paths: ['/f'] } });
  expect((await hs(['runs', 'list', '--open', '--ids'])).stdout).toBe(`${RUN_ID}\n`);
});

test.each([
  ['jobs', 'show'],
  ['jobs', 'logs'],
  ['runs', 'show'],
])('%s %s of something that is not there is a usage error', async (topic, verb) => {
  for (const id of ['no-uuid', uuidV7()]) {
    const { code, stdout, stderr } = await hs([topic, verb, id]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`there is no ${topic.slice(0, -1)} "${id}"`);
  }
});

test('a reader that leaves early ends the command quietly (EPIPE, §11)', async () => {
  const script = `"$1" "$2" jobs list --limit 0 --json 2>err.txt | head -c 20 >/dev/null; echo "\${PIPESTATUS[0]}"; cat err.txt`;
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], HS_HOME: folder, HS_DATABASE_URL: db.url };
  const { stdout } = await promisify(execFile)('bash', ['-c', script, 'bash', process.execPath, HS_BIN], { cwd: folder, env });
  expect(stdout).toBe('0\n');
});

test('the terminal width is kept, narrow and wide', async () => {
  for (const columns of [30, 60, 80, 200]) {
    const { stdout } = await hs(['jobs', 'list', '--limit', '5'], { COLUMNS: String(columns) });
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(columns);
  }
});

test('no colour without a terminal, with or without --no-color', async () => {
  for (const args of [[], ['--no-color']]) {
    const { stdout, stderr } = await hs(['jobs', 'list', '--limit', '2', ...args], { FORCE_COLOR: '' });
    expect(stdout + stderr).not.toContain('\x1b');
  }
});

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s before the work begins ends with %i', async (signal, expected) => {
  // A server that accepts and never answers keeps the command waiting for its database.
  const { createServer } = await import('node:net');
  const server = createServer((socket) => void socket.on('error', () => undefined));
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  const child = startHs(['jobs', 'list'], { env: { HS_DATABASE_URL: `postgres://u:k4n4ry@127.0.0.1:${String(port)}/d` } });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += String(text)));
  const closed = new Promise((done) => child.once('close', done));
  await Promise.race([new Promise((done) => server.once('connection', done)), closed]);
  child.kill(signal);
  child.kill(signal);
  await Promise.race([new Promise((done) => setTimeout(done, 300)), closed]);
  child.kill(signal);
  const code = await closed;
  server.close();
  expect(code).toBe(expected);
  expect(stderr).not.toContain('k4n4ry');
});

test('files made by a command are readable by their owner only', async () => {
  const out = join(folder, 'probe');
  const { code } = await hs(['export', 'events', '--format', 'csv', '--out', out]);
  expect(code).toBe(0);
  expect((await stat(out)).mode & 0o077).toBe(0);
});
