import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openLockSession } from '../../../src/db/locks.ts';
import { listJobAttempts } from '../../../src/db/models/job-attempts.ts';
import { listJobLogs } from '../../../src/db/models/job-logs.ts';
import { listTransitions } from '../../../src/db/models/job-transitions.ts';
import { findJob, insertJob } from '../../../src/db/models/jobs.ts';
import { findRun, insertRun } from '../../../src/db/models/runs.ts';
import { lockRun } from '../../../src/db/locks.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { UsageError } from '../../../src/errors/hs-error.ts';
import { InterruptedError } from '../../../src/errors/interrupted-error.ts';
import { createJobProgress } from '../../../src/jobs/job-progress.ts';
import { runAsJob, type JobContext, type JobResult, type RunAsJobOptions } from '../../../src/jobs/run-as-job.ts';
import { reapDeadRuns } from '../../../src/jobs/reap-dead-runs.ts';
import { sleep } from '../../../src/lib/sleep.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});

afterAll(async () => {
  await db.drop();
});

function run<T>(
  work: (context: JobContext) => Promise<JobResult<T>>,
  options: Partial<RunAsJobOptions> = {},
): ReturnType<typeof runAsJob<T>> {
  return runAsJob<T>(
    {
      database: db.database,
      command: 'ingest',
      args: { paths: ['/footage'], db: 'postgres://u:k4n4ry@h/d' },
      settingsFingerprint: 'a'.repeat(64),
      jobType: 'ingest',
      logLevel: 'info',
      version: '0.1.0',
      signal: new AbortController().signal,
      ...options,
    },
    work,
  );
}

/** The ids of a run that fails come from its context. */
async function runFailing(
  error: unknown,
  options: Partial<RunAsJobOptions> = {},
): Promise<{ runId: string; jobId: string; thrown: unknown }> {
  let ids = { runId: '', jobId: '' };
  const thrown: unknown = await run(async ({ runId, jobId }) => {
    ids = { runId, jobId };
    throw error;
  }, options).catch((caught: unknown) => caught);
  return { ...ids, thrown };
}

test('a good run leaves a completed job, one succeeded attempt, two transitions and an ended run (§10.15)', async () => {
  const outcome = await run(async ({ log, progress }) => {
    log('info', 'started', { cameraId: 'gate', durationMs: 1.4, extra: 1 });
    log('debug', 'detail');
    progress(40, 'reading');
    return { result: 7, exitCode: 0, summary: { files: 3 } };
  });
  expect(outcome).toMatchObject({ result: 7, exitCode: 0 });
  const job = await findJob(db.knex, outcome.jobId);
  expect(job).toMatchObject({
    job_type: 'ingest',
    status: 'completed',
    progress_percent: 100,
    current_step: 'Completed',
    attempt_number: 1,
  });
  expect(job?.result).toEqual({ files: 3, exit_code: 0 });
  const transitions = await listTransitions(db.knex, outcome.jobId);
  expect(transitions.map((row) => [row.from_status, row.to_status, row.triggered_by])).toEqual([
    ['queued', 'running', 'worker'],
    ['running', 'completed', 'worker'],
  ]);
  expect(await listJobAttempts(db.knex, outcome.jobId)).toMatchObject([
    { attempt_number: 1, status: 'succeeded', worker_id: outcome.runId },
  ]);
  expect(await findRun(db.knex, outcome.runId)).toMatchObject({
    command: 'ingest',
    exit_code: 0,
    job_id: outcome.jobId,
    hs_version: '0.1.0',
  });
  const lines = await listJobLogs(db.knex, { jobId: outcome.jobId });
  expect(lines.map(({ level, message }) => [level, message])).toEqual([
    ['info', 'started'],
    ['debug', 'detail'],
  ]);
});

test('secrets in arguments and messages never reach the database', async () => {
  const outcome = await run(async ({ log }) => {
    log('warning', 'cannot reach postgres://u:k4n4ry@h/d', { url: 'postgres://u:k4n4ry@h/d' });
    return { result: undefined, exitCode: 0 };
  });
  const failed = await runFailing(new Error('lost postgres://u:k4n4ry@h/d'));
  const stored: unknown[] = [
    await findRun(db.knex, outcome.runId),
    await listJobLogs(db.knex, { jobId: outcome.jobId }),
    await findJob(db.knex, failed.jobId),
    await listJobAttempts(db.knex, failed.jobId),
    await db.knex('logs').select('*'),
  ];
  expect(JSON.stringify(stored)).not.toContain('k4n4ry');
  expect(JSON.stringify(stored)).toContain('postgres://***@h/d');
});

test('lines from info on go to the application log, too, with their own columns', async () => {
  const told: string[] = [];
  const outcome = await run(
    async ({ log }) => {
      log('debug', 'quiet');
      log('warning', 'slow \0file', { cameraId: 'gate', durationMs: 12.6, tries: 2 });
      return { result: undefined, exitCode: 0 };
    },
    { onLog: (level, message) => told.push(`${level} ${message}`) },
  );
  const rows: unknown[] = await db.knex('logs').where({ request_id: outcome.runId });
  expect(rows).toMatchObject([
    { level: 'warning', component: 'ingest', message: 'slow file', camera_id: 'gate', duration_ms: 13, extra: { tries: 2 } },
  ]);
  expect(told).toEqual(['debug quiet', 'warning slow \0file']);
});

test('a higher log level keeps the application log short and the job log whole', async () => {
  const outcome = await run(
    async ({ log }) => {
      log('info', 'small');
      log('error', 'big');
      return { result: undefined, exitCode: 0 };
    },
    { logLevel: 'error' },
  );
  expect(await db.knex('logs').where({ request_id: outcome.runId }).pluck('message')).toEqual(['big']);
  expect(await listJobLogs(db.knex, { jobId: outcome.jobId })).toHaveLength(2);
});

test.each([
  [3, 'completed', 'succeeded'],
  [4, 'completed', 'succeeded'],
  [8, 'completed', 'succeeded'],
  [130, 'cancelled', 'cancelled'],
  [143, 'cancelled', 'cancelled'],
  [5, 'failed', 'failed'],
  [11, 'failed', 'failed'],
] as const)('exit code %i leaves a %s job', async (exitCode, jobStatus, attemptStatus) => {
  const { jobId, runId } = await run(async () => ({ result: undefined, exitCode, summary: { files: 1 } }));
  expect(await findJob(db.knex, jobId)).toMatchObject({ status: jobStatus, result: { files: 1, exit_code: exitCode } });
  expect(await listJobAttempts(db.knex, jobId)).toMatchObject([{ status: attemptStatus }]);
  expect(await findRun(db.knex, runId)).toMatchObject({ exit_code: exitCode });
});

test('an error of the user fails the job without a trace and is thrown on', async () => {
  const error = new UsageError('there is no folder of that name, and the text is long enough to be cut');
  const { jobId, runId, thrown } = await runFailing(error);
  expect(thrown).toBe(error);
  expect(await findJob(db.knex, jobId)).toMatchObject({
    status: 'failed',
    error_message: error.message,
    error_traceback: null,
    current_step: 'Failed: there is no folder of that name, and the text is l...',
  });
  expect(await findRun(db.knex, runId)).toMatchObject({ exit_code: 2 });
});

test('a bug fails the job with its trace', async () => {
  const { jobId } = await runFailing(new TypeError('x is not a function\0'));
  const job = await findJob(db.knex, jobId);
  expect(job).toMatchObject({ status: 'failed', error_message: 'x is not a function' });
  expect(job?.error_traceback).toContain('run-as-job.test.ts');
});

test('an error after the stop request counts as cancelled, with the code of the signal', async () => {
  const stop = new AbortController();
  let ids = { runId: '', jobId: '' };
  const ended = run(
    async ({ runId, jobId, signal }) => {
      ids = { runId, jobId };
      stop.abort(new InterruptedError('SIGTERM'));
      signal.throwIfAborted();
      return { result: undefined, exitCode: 0 };
    },
    { signal: stop.signal },
  );
  await expect(ended).rejects.toMatchObject({ exitCode: 143 });
  expect(await findJob(db.knex, ids.jobId)).toMatchObject({ status: 'cancelled', current_step: 'Cancelled by user' });
  expect(await findRun(db.knex, ids.runId)).toMatchObject({ exit_code: 143 });
});

test('progress is written while the work goes on, never backwards, and stays below 100 until the end', async () => {
  await run(async ({ jobId, progress }) => {
    const becomes = (percent: number, step: string): Promise<void> =>
      vi.waitFor(async () => {
        expect(await findJob(db.knex, jobId)).toMatchObject({ progress_percent: percent, current_step: step });
      }, 30_000);
    progress(10, 'first');
    await becomes(10, 'first');
    progress(5, 'second');
    await becomes(10, 'second');
    progress(250, 'third');
    await becomes(99, 'third');
    return { result: undefined, exitCode: 0 };
  });
});

test('however often progress is reported, it is written by the clock', async () => {
  const job = await insertJob(db.knex, { id: uuidV7(), job_type: 'ingest' });
  const statements: string[] = [];
  const listen = ({ sql }: { sql: string }): void => {
    if (sql.startsWith('update "jobs"')) statements.push(sql);
  };
  db.knex.on('query', listen);
  const progress = createJobProgress(db.knex, { ...job, status: 'running' }, 50);
  const startedMs = Date.now();
  for (let n = 0; n < 90; n++) {
    progress.report(n);
    await sleep(5);
  }
  const elapsedMs = Date.now() - startedMs;
  await progress.close();
  db.knex.off('query', listen);
  expect(statements.length).toBeGreaterThan(0);
  expect(statements.length).toBeLessThanOrEqual(Math.ceil(elapsedMs / 50) + 1);
});

test('the heartbeat moves while the run lives', async () => {
  await run(
    async ({ runId }) => {
      await vi.waitFor(async () => {
        const row = await findRun(db.knex, runId);
        expect(row!.heartbeat_at.getTime()).toBeGreaterThan(row!.started_at.getTime());
      }, 30_000);
      return { result: undefined, exitCode: 0 };
    },
    { heartbeatMs: 20 },
  );
});

test('a run that another one ended is told to stop', async () => {
  const ended = run(
    async ({ runId, signal }) => {
      await db
        .knex('runs')
        .where({ id: runId })
        .update({ ended_at: db.knex.ref('heartbeat_at'), exit_code: 255 });
      await sleep(20_000, signal);
      signal.throwIfAborted();
      return { result: undefined, exitCode: 0 };
    },
    { heartbeatMs: 20 },
  );
  await expect(ended).rejects.toMatchObject({ code: 'run_taken_over', exitCode: 5 });
});

test.each([
  ['throws', true],
  ['ends quietly', false],
])('a run whose lock connection breaks is told to stop and fails, whether its work %s', async (_, throws) => {
  const ended = run(async ({ signal }) => {
    await db.knex.raw(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hs-locks' AND datname = current_database()`,
    );
    await sleep(20_000, signal);
    if (throws) signal.throwIfAborted();
    return { result: undefined, exitCode: 0 };
  });
  await expect(ended).rejects.toMatchObject({ code: 'database_lost', exitCode: 5 });
});

async function insertOpenRun(): Promise<{ runId: string; jobId: string }> {
  const ids = { runId: uuidV7(), jobId: uuidV7() };
  await insertJob(db.knex, { id: ids.jobId, job_type: 'ingest' });
  await db
    .knex('jobs')
    .where({ id: ids.jobId })
    .update({ status: 'running', started_at: db.knex.raw('greatest(now(), created_at)') });
  await insertRun(db.knex, {
    id: ids.runId,
    command: 'ingest',
    args_json: {},
    hs_version: '0',
    config_fingerprint: 'f',
    job_id: ids.jobId,
  });
  return ids;
}

test('the next run ends what a killed one left, and leaves a live one alone', async () => {
  const dead = await insertOpenRun();
  const live = await insertOpenRun();
  const session = await openLockSession(db.database);
  await lockRun(session, live.runId);
  const seen = await run(async () => ({ result: await findRun(db.knex, dead.runId), exitCode: 0 }));
  expect(seen.result).toMatchObject({ exit_code: 255 });
  expect(await findJob(db.knex, dead.jobId)).toMatchObject({ status: 'failed' });
  expect(await listTransitions(db.knex, dead.jobId)).toMatchObject([{ to_status: 'failed', triggered_by: 'system' }]);
  expect(await findRun(db.knex, live.runId)).toMatchObject({ exit_code: null });
  await session.close();
  expect(await reapDeadRuns(db.knex)).toMatchObject([{ runId: live.runId, failedJobId: live.jobId }]);
  expect(await reapDeadRuns(db.knex)).toEqual([]);
});

test('two runs at once do not take each other for dead', async () => {
  const outcomes = await Promise.all(
    [1, 2, 3].map((n) =>
      run(async () => {
        await sleep(100);
        return { result: n, exitCode: 0 };
      }),
    ),
  );
  for (const { runId } of outcomes) expect(await findRun(db.knex, runId)).toMatchObject({ exit_code: 0 });
});
