import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertJobLogs } from '../../src/db/models/job-logs.ts';
import { insertJob } from '../../src/db/models/jobs.ts';
import { insertLogs } from '../../src/db/models/logs.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, startHs, type HsResult } from '../helpers/run-hs.ts';

const RUN = '019aab00-0000-7000-8000-000000000001';

let db: TestDatabase;
const environment = (): { env: Record<string, string>; cwd: string } => ({ env: { HS_DATABASE_URL: db.url }, cwd: '/tmp' });
const hs = (...args: string[]): Promise<HsResult> => runHs(args, environment());
const messages = async (...args: string[]): Promise<string[]> => {
  const { stdout } = await hs('logs', ...args, '--json');
  return (JSON.parse(stdout) as { items: { message: string }[] }).items.map(({ message }) => message);
};

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('an empty log says so, and its tail is empty', async () => {
  expect(await hs('logs', 'list')).toMatchObject({ code: 0, stdout: 'no log lines\n' });
  expect(await hs('logs', 'tail')).toMatchObject({ code: 0, stdout: '' });
});

test('lists newest first and filters by level upwards, component, camera and run', async () => {
  await db.knex('cameras').insert({ id: 'gate', name: 'Big gate', folder_path: '/f/gate' });
  await insertLogs(db.knex, [
    { level: 'debug', component: 'ingest', message: 'one', timestamp: new Date('2026-03-01T10:00:00Z') },
    { level: 'warning', component: 'ingest', message: 'two', camera_id: 'gate', timestamp: new Date('2026-03-01T10:00:01Z') },
    { level: 'critical', component: 'export', message: 'three\nlines', camera_id: 'gone', request_id: RUN, duration_ms: 5 },
  ]);
  expect(await messages('list')).toEqual(['three\nlines', 'two', 'one']);
  expect(await messages('list', '--level', 'INFO')).toEqual(['three\nlines', 'two']);
  expect(await messages('list', '--component', 'Ingest')).toEqual(['two', 'one']);
  expect(await messages('list', '--camera', 'big g*')).toEqual(['two']);
  expect(await messages('list', '--camera', 'gone')).toEqual(['three\nlines']); // logs outlive cameras (schema §7)
  expect(await messages('list', '--run', RUN)).toEqual(['three\nlines']);
  expect(await messages('list', '--since', '2026-03-01', '--until', '2026-03-01T10:00:01Z')).toEqual(['one']);
  expect(await messages('list', '--sort', 'id', '--limit', '1')).toEqual(['one']);
});

test('people see levels in capitals and one line per message; data keeps them as they are', async () => {
  const { stdout } = await hs('logs', 'tail', '--limit', '2');
  expect(stdout).toMatch(/^2026-03-01T10:00:01\.000Z {2}WARNING {3}ingest gate: two\n.{24} {2}CRITICAL {2}export gone: three\\nlines\n$/);
  expect((await hs('logs', 'list')).stdout).toContain('CRITICAL');
  const [line = ''] = (await hs('logs', 'tail', '--limit', '1', '--ndjson')).stdout.split('\n');
  expect(JSON.parse(line)).toMatchObject({ level: 'critical', message: 'three\nlines', request_id: RUN, duration_ms: 5, extra: null });
});

test('a component without lines is remarked on; a wrong level or camera is a usage error', async () => {
  expect((await hs('logs', 'list', '--component', 'ingst')).stderr).toContain('did you mean ingest?');
  for (const command of ['list', 'tail']) {
    expect(await hs('logs', command, '--level', 'warn')).toMatchObject({ code: 2, stderr: expect.stringContaining('warning') });
    expect(await hs('logs', command, '--camera', 'nobody')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no camera matches'),
    });
  }
});

type Followed = {
  lines: string[];
  waitFor: (count: number) => Promise<void>;
  end: (signal?: 'SIGINT' | 'SIGTERM') => Promise<{ code: number | null; stderr: string }>;
};

function follow(...args: string[]): Followed {
  const child = startHs(args, environment());
  const state = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (state.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (state.err += text));
  const closed = new Promise<number | null>((done) => child.on('close', done));
  const lines = (): string[] => state.out.split('\n').slice(0, -1);
  return {
    get lines() {
      return lines();
    },
    waitFor: async (count) => {
      for (let tries = 0; lines().length < count; tries++) {
        if (tries > 300) throw new Error(`only ${String(lines().length)} lines: ${state.out}${state.err}`);
        await new Promise((done) => setTimeout(done, 50));
      }
    },
    end: async (signal) => {
      if (signal !== undefined) child.kill(signal);
      return { code: await closed, stderr: state.err };
    },
  };
}

test('a followed log shows each line once as it is written and ends with 130 on Ctrl-C, saying nothing more', async () => {
  const tail = follow('logs', 'tail', '--follow', '--limit', '1', '--level', 'info');
  await tail.waitFor(1);
  for (const message of ['first', 'second']) {
    await insertLogs(db.knex, [
      { level: 'info', component: 'ingest', message },
      { level: 'debug', component: 'ingest', message: 'hidden' },
    ]);
    await new Promise((done) => setTimeout(done, 700));
  }
  await tail.waitFor(3);
  expect(await tail.end('SIGINT')).toEqual({ code: 130, stderr: '' });
  expect(tail.lines.map((line) => line.replace(/^.*: /, ''))).toEqual(['three\\nlines', 'first', 'second']);
});

test('a line whose transaction ends late is shown although later ones were', async () => {
  const tail = follow('logs', 'tail', '-f', '--limit', '1', '--ndjson');
  await tail.waitFor(1);
  const late = await db.knex.transaction();
  await insertLogs(late, [{ level: 'info', component: 'ingest', message: 'late' }]);
  await insertLogs(db.knex, [{ level: 'info', component: 'ingest', message: 'early' }]);
  await tail.waitFor(2);
  await late.commit();
  await tail.waitFor(3);
  expect(await tail.end('SIGTERM')).toMatchObject({ code: 143 });
  const items = tail.lines.map((line) => JSON.parse(line) as { message?: string });
  expect(items.slice(1)).toMatchObject([{ message: 'early' }, { message: 'late' }, { type: 'summary', count: 3, exit_code: 143 }]);
});

test('the log of a job is followed until the job is finished', async () => {
  const id = uuidV7();
  await insertJob(db.knex, { id, job_type: 'ingest' });
  await db.knex('jobs').where({ id }).update({ status: 'running', started_at: db.knex.fn.now() });
  const line = { job_id: id, attempt_number: 1, level: 'info' } as const;
  await insertJobLogs(db.knex, [{ ...line, message: 'begun' }]);
  const logs = follow('jobs', 'logs', id, '--follow');
  await logs.waitFor(1);
  await insertJobLogs(db.knex, [{ ...line, message: 'half way' }]);
  await logs.waitFor(2);
  await insertJobLogs(db.knex, [{ ...line, message: 'last words' }]);
  await db.knex('jobs').where({ id }).update({ status: 'completed', completed_at: db.knex.fn.now(), progress_percent: 100 });
  expect(await logs.end()).toEqual({ code: 0, stderr: '' });
  expect(logs.lines.map((text) => text.replace(/^.*INFO +/, ''))).toEqual(['begun', 'half way', 'last words']);
  expect((await hs('jobs', 'logs', id, '--follow', '--json')).stdout).toContain('"last words"');
});
