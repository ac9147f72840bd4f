import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertJob } from '../../src/db/models/jobs.ts';
import { insertJobLogs } from '../../src/db/models/job-logs.ts';
import { startJob } from '../../src/jobs/start-job.ts';
import { finishJob } from '../../src/jobs/finish-job.ts';
import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { runHs, startHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const environment = (): { env: Record<string, string>; cwd: string } => ({ env: { HS_DATABASE_URL: db.url }, cwd: '/tmp' });
const hs = (...args: string[]): Promise<HsResult> => runHs(['jobs', ...args], environment());
const itemsOf = ({ stdout }: HsResult): Record<string, unknown>[] => (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;

/** A job as a command leaves it at its start. */
async function begin(): Promise<{ runId: string; jobId: string }> {
  const ids = { runId: uuidV7(), jobId: uuidV7() };
  await startJob(db.knex, { ...ids, jobType: 'ingest', command: 'ingest', args: {}, version: '0', settingsFingerprint: 'x' });
  return ids;
}

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('without jobs nothing is wrong, and a job that does not exist is the user’s error', async () => {
  expect(await hs('verify')).toMatchObject({ code: 0, stdout: '0 jobs looked at, nothing is wrong\n', stderr: '' });
  expect(itemsOf(await hs('verify', '--json'))).toEqual([]);
  expect(await hs('transitions', uuidV7())).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no job') });
  expect(await hs('transitions', 'first')).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no job "first"') });
});

test('status changes are listed in order, with who made them and how long the status before lasted', async () => {
  const done = await begin();
  await finishJob(db.knex, done, { exitCode: 3, summary: { files: 1 } });
  await db
    .knex('jobs')
    .where({ id: done.jobId })
    .update({ created_at: db.knex.raw(`created_at - interval '2.5 s'`) });
  const waiting = await insertJob(db.knex, { id: uuidV7(), job_type: 'export' });
  const changes = itemsOf(await hs('transitions', done.jobId.toUpperCase(), waiting.id, done.jobId, '--json'));
  expect(changes).toEqual([
    expect.objectContaining({ job_id: done.jobId, from: 'queued', to: 'running', by: 'worker', after_s: 2.5, metadata: null }),
    expect.objectContaining({ job_id: done.jobId, from: 'running', to: 'completed', by: 'worker', metadata: { exit_code: 3 } }),
  ]);
  expect(await hs('transitions', waiting.id)).toMatchObject({ code: 0, stdout: 'no status changes\n' });
  const csv = await runHs(['jobs', 'transitions', '-', '--csv'], { ...environment(), input: `${done.jobId}\n` });
  expect(parseCsv(csv.stdout).map((row) => row.slice(2, 5))).toEqual([
    ['from', 'to', 'by'],
    ['queued', 'running', 'worker'],
    ['running', 'completed', 'worker'],
  ]);
  expect(await hs('verify')).toMatchObject({ code: 0, stdout: '2 jobs looked at, nothing is wrong\n' });
});

test('a job that runs is sound while its process is there, and found when it is gone', async () => {
  const { runId, jobId } = await begin();
  const session = await openLockSession(db.database);
  await lockRun(session, runId);
  expect(await hs('verify')).toMatchObject({ code: 0 });
  await session.close();
  const dead = await hs('verify', '--json');
  expect(dead.code).toBe(7);
  expect(itemsOf(dead)).toEqual([
    { job_id: jobId, rule: 'J4', text: 'ingest is running, but its process is gone; the next run clears it up' },
  ]);
});

test('a job of a worker is sound while the run of its attempt lives, whatever job that run names', async () => {
  const { runId, jobId } = await begin();
  await db.knex('runs').where({ id: runId }).update({ job_id: null });
  const session = await openLockSession(db.database);
  await lockRun(session, runId);
  const abandoned = itemsOf(await hs('verify', '--json')).map(({ job_id: id }) => id);
  expect(abandoned).not.toContain(jobId);
  await session.close();
  expect(itemsOf(await hs('verify', '--json')).map(({ job_id: id }) => id)).toContain(jobId);
});

test('every finding has its job and rule, --limit names the first and tells of the others', async () => {
  const other = await createTestDatabase();
  const verify = (...args: string[]): Promise<HsResult> => runHs(['jobs', 'verify', ...args], { env: { HS_DATABASE_URL: other.url } });
  const at = new Date('2026-01-15T00:00:00Z');
  const row = { job_type: 'ingest', status: 'completed', created_at: at, started_at: at, completed_at: at, progress_percent: 100 };
  const ids = [uuidV7(), uuidV7(), uuidV7()];
  try {
    await other.knex('jobs').insert(ids.map((id) => ({ ...row, id })));
    const all = itemsOf(await verify('--json'));
    expect(all.map(({ job_id: id, rule }) => [id, rule])).toEqual(ids.flatMap((id) => [[id, 'J2'], [id, 'J3']])); // prettier-ignore
    const some = await verify('--limit', '1');
    expect(some).toMatchObject({ code: 7, stderr: expect.stringContaining('… and 5 more; --limit 0 names all') });
    expect(some.stdout).toMatch(new RegExp(`^job_id .*\\n${ids[0]} +J2 +is completed, its transitions end in queued\\n$`));
    const lines = (await verify('--limit', '0', '--ndjson')).stdout.trim().split('\n');
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual({ type: 'summary', count: 6, jobs: 3, found: 6, exit_code: 7 });
  } finally {
    await other.drop();
  }
});

test('Ctrl-C ends a followed job quietly, and a job that is cancelled ends it too', async () => {
  const { jobId, runId } = await begin();
  await insertJobLogs(db.knex, [{ job_id: jobId, attempt_number: 1, level: 'info', message: 'begun' }]);
  const follow = (): { first: Promise<unknown>; end: Promise<HsResult>; stop: () => boolean } => {
    const child = startHs(['jobs', 'logs', jobId, '--follow'], environment());
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) child[name].setEncoding('utf8').on('data', (text: string) => (said[name] += text));
    const first = new Promise((done) => child.stdout.once('data', done));
    const end = new Promise<HsResult>((done) =>
      child.on('close', (code) => {
        done({ code, ...said });
      }),
    );
    return { first, end, stop: () => child.kill('SIGINT') };
  };
  const stopped = follow();
  await stopped.first;
  stopped.stop();
  expect(await stopped.end).toMatchObject({ code: 130, stdout: expect.stringMatching(/begun\n$/), stderr: '' });
  const cancelled = follow();
  await cancelled.first;
  await finishJob(db.knex, { jobId, runId }, { exitCode: 130 });
  expect(await cancelled.end).toMatchObject({ code: 0, stderr: '' });
});

test('top shows live runs with their jobs and rates, and what is left in each queue', async () => {
  const other = await createTestDatabase();
  const top = (...args: string[]): Promise<HsResult> => runHs(['jobs', 'top', ...args], { env: { HS_DATABASE_URL: other.url } });
  const { knex } = other;
  const session = await openLockSession(other.database);
  try {
    expect(await top('--once')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^nobody works on anything\n\nnothing waits/),
      stderr: '',
    });
    const order = { jobType: 'ingest', command: 'ingest', args: {}, version: '0', settingsFingerprint: 'x' };
    const [ingest, dead, worker] = [uuidV7(), uuidV7(), uuidV7()];
    const [ingestJob, deadJob] = [uuidV7(), uuidV7()];
    for (const id of [ingest, worker]) await lockRun(session, id);
    await startJob(knex, { ...order, runId: ingest, jobId: ingestJob });
    await startJob(knex, { ...order, runId: dead, jobId: deadJob });
    await knex('jobs').where({ id: ingestJob }).update({ progress_percent: 25, current_step: 'analysing: 1 of 4 files' });
    await knex.raw(
      `UPDATE jobs SET created_at = created_at - interval '10 min', started_at = started_at - interval '10 min' WHERE id = ?`,
      [ingestJob],
    );
    await knex.raw(`UPDATE runs SET started_at = started_at - interval '10 min' WHERE id = ?`, [ingest]);
    await knex('cameras').insert({ id: 'gate', name: 'gate', folder_path: '/f' });
    const file = { camera_id: 'gate', size_bytes: 0, modified_at: new Date(), media_type: 'image', status: 'empty', run_id: ingest };
    const ages = ['1 min', '2 min', '3 min', '301 s'];
    for (const [index, age] of ages.entries()) {
      await knex('media_files').insert({ ...file, path: `/f/${String(index)}`, processed_at: knex.raw('now() - ?::interval', [age]) });
    }
    // A worker: its run names no job, its attempt names the run.
    const longAgo = knex.raw(`now() - interval '9 min'`);
    await knex('runs').insert({ id: worker, command: 'worker', hs_version: '0', config_fingerprint: 'x', started_at: longAgo });
    const jobs = ['running', 'queued', 'queued', 'failed', 'completed'].map((status) => ({
      id: uuidV7(), job_type: 'detect', queue_name: 'detect', status, created_at: knex.raw(`now() - interval '1 h'`),
      started_at: status === 'queued' ? null : knex.raw(`now() - interval '1 min'`),
      completed_at: status === 'failed' || status === 'completed' ? knex.fn.now() : null,
      progress_percent: status === 'completed' ? 100 : 0,
    })); // prettier-ignore
    await knex('jobs').insert(jobs);
    const [running, , , failed, completed] = jobs.map(({ id }) => id);
    await knex('job_attempts').insert({ job_id: running, worker_id: worker });
    for (const id of [failed, completed])
      await knex('job_attempts').insert({ job_id: id, worker_id: worker, status: 'succeeded', ended_at: knex.fn.now() });
    await knex('job_transitions').insert([
      { job_id: completed, from_status: 'queued', to_status: 'running' },
      { job_id: completed, from_status: 'running', to_status: 'completed' },
      { job_id: failed, from_status: 'running', to_status: 'failed' },
    ]);
    await knex('jobs').where({ id: failed }).update({ next_retry_at: knex.fn.now() });

    const shown = JSON.parse((await top('--json')).stdout) as { workers: object[]; queues: object[] };
    expect(shown).toMatchObject({ schema_version: 1, window_s: 300, at: expect.stringMatching(/Z$/) });
    expect(shown.workers).toEqual([
      expect.objectContaining({ run_id: ingest, job_id: ingestJob, command: 'ingest', progress_percent: 25, files_per_min: 0.6, jobs_per_min: null, eta_s: expect.closeTo(1800, -2) }),
      expect.objectContaining({ run_id: worker, job_id: running, command: 'worker', job_type: 'detect', queue_name: 'detect', files_per_min: null, jobs_per_min: 0.2, eta_s: null }),
    ]); // prettier-ignore
    // The failed one waits for its retry: only one job was over.
    expect(shown.queues).toEqual([
      { queue_name: 'detect', queued: 2, running: 1, failed: 1, oldest_queued_at: expect.any(String), jobs_per_min: 0.2, empty_in_s: 900 },
      { queue_name: null, queued: 0, running: 2, failed: 0, oldest_queued_at: null, jobs_per_min: null, empty_in_s: null },
    ]);
    const { stdout, code } = await top();
    expect(code).toBe(0);
    expect(stdout).toMatch(/^command .*\ningest .*analysing: 1 of 4 files +25 +0\.6 files\/min +\S.*\nworker /);
    expect(stdout).not.toContain('\x1b');
  } finally {
    await session.close();
    await other.drop();
  }
});
