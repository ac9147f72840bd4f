import { afterAll, beforeAll, expect, test } from 'vitest';

import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { readDatabaseClock } from '../../src/db/database-clock.ts';
import { findExportJob, insertExportJob } from '../../src/db/models/export-jobs.ts';
import { insertJobAttempt, listJobAttempts } from '../../src/db/models/job-attempts.ts';
import { listTransitions } from '../../src/db/models/job-transitions.ts';
import { findJob, insertJob, saveJobMove } from '../../src/db/models/jobs.ts';
import { reapDeadRun } from '../../src/db/models/reap-dead-run.ts';
import { endRun, findDeadRuns, findRun, heartbeat, insertRun } from '../../src/db/models/runs.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { completeJob, startJob } from '../../src/domain/job.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
  await own.knex('cameras').insert({ id: 'a', name: 'A', folder_path: '/a' });
});

afterAll(async () => {
  await own.drop();
});

async function startRun({ withJob = true } = {}): Promise<{ runId: string; jobId: string | null }> {
  const { knex } = own;
  const runId = uuidV7();
  const job = withJob ? await insertJob(knex, { id: uuidV7(), job_type: 'ingest' }) : null;
  await insertRun(knex, {
    id: runId,
    command: 'ingest',
    args_json: { paths: ['/a'] },
    hs_version: '0.1.0',
    config_fingerprint: 'c',
    job_id: job?.id ?? null,
  });
  if (job !== null) {
    await knex.transaction(async (trx) => {
      await saveJobMove(trx, { job, patch: startJob(job, await readDatabaseClock(trx)), by: 'worker' });
      await insertJobAttempt(trx, { jobId: job.id, attemptNumber: 1, workerId: runId });
    });
  }
  return { runId, jobId: job?.id ?? null };
}

async function addFile(runId: string, status: 'processing' | 'done', name: string): Promise<void> {
  await own.knex('media_files').insert({
    camera_id: 'a',
    path: `/a/${name}`,
    content_sha256: uuidV7().replaceAll('-', '').repeat(2),
    size_bytes: 1,
    modified_at: new Date(0),
    media_type: 'image',
    status,
    attempts: 1,
    run_id: runId,
    captured_at: new Date(0),
    captured_at_source: 'mtime',
    ...(status === 'done' ? { processed_at: new Date(), model_fingerprint: 'm' } : {}),
  });
}

const filesOf = (runId: string): Promise<object[]> =>
  Promise.resolve(own.knex('media_files').where({ run_id: runId }).orderBy('path').select('status', 'attempts'));

test('a run that holds its lock is not dead, and one that ended is not either', async () => {
  const { runId } = await startRun();
  const session = await openLockSession(own.database);
  await lockRun(session, runId);
  const isDead = async (): Promise<boolean> => (await findDeadRuns(own.knex)).some((run) => run.id === runId);
  expect(await isDead()).toBe(false);
  await session.close();
  await expect.poll(isDead).toBe(true);
  await endRun(own.knex, runId, 0);
  expect(await isDead()).toBe(false);
});

test('clearing up after a dead run frees its files, fails its job and closes the attempt (schema §4.8)', async () => {
  const { runId, jobId } = await startRun();
  await addFile(runId, 'processing', `${runId}-1`);
  await addFile(runId, 'done', `${runId}-2`);
  await own
    .knex('runs')
    .where({ id: runId })
    .update({ heartbeat_at: own.knex.raw(`started_at + interval '1 second'`) });

  expect(await reapDeadRun(own.knex, runId)).toEqual({ runId, releasedFiles: 1, failedJobId: jobId });

  const run = await findRun(own.knex, runId);
  expect(run).toMatchObject({ exit_code: 255, ended_at: run?.heartbeat_at });
  // What was not looked at to its end was not tried.
  expect(await filesOf(runId)).toEqual([
    { status: 'pending', attempts: 0 },
    { status: 'done', attempts: 1 },
  ]);
  expect(await findJob(own.knex, jobId!)).toMatchObject({ status: 'failed', error_message: 'the process that ran this job is gone' });
  expect(await listJobAttempts(own.knex, jobId!)).toMatchObject([{ status: 'failed', worker_id: runId }]);
  expect((await listTransitions(own.knex, jobId!)).map((row) => [row.from_status, row.to_status, row.triggered_by])).toEqual([
    ['queued', 'running', 'worker'],
    ['running', 'failed', 'system'],
  ]);
});

test('the export of a dead run fails with it', async () => {
  const { runId, jobId } = await startRun();
  await insertExportJob(own.knex, { id: jobId!, export_type: 'events', export_format: 'csv' });
  await reapDeadRun(own.knex, runId);
  expect(await findExportJob(own.knex, jobId!)).toMatchObject({
    status: 'failed',
    error_message: 'the process that ran this job is gone',
  });
});

test('a dead run without a job is ended all the same', async () => {
  const { runId } = await startRun({ withJob: false });
  expect(await reapDeadRun(own.knex, runId)).toEqual({ runId, releasedFiles: 0, failedJobId: null });
});

test('a dead run whose job was done keeps the job as it is', async () => {
  const { runId, jobId } = await startRun();
  const job = await findJob(own.knex, jobId!);
  await own.knex.transaction(async (trx) => {
    await saveJobMove(trx, { job: job!, patch: completeJob(job!, await readDatabaseClock(trx), { files: 1 }), by: 'worker' });
  });
  expect(await reapDeadRun(own.knex, runId)).toMatchObject({ failedJobId: null });
  expect(await findJob(own.knex, jobId!)).toMatchObject({ status: 'completed', result: { files: 1 } });
});

test('of several that find a dead run, one clears up', async () => {
  const { runId } = await startRun();
  const reaped = await Promise.all(Array.from({ length: 4 }, () => reapDeadRun(own.knex, runId)));
  expect(reaped.filter((result) => result !== undefined)).toHaveLength(1);
});

test('a run that was taken for dead learns it at its next heartbeat and keeps exit code 255', async () => {
  const { runId } = await startRun();
  expect(await heartbeat(own.knex, runId)).toBe(true);
  await reapDeadRun(own.knex, runId);
  expect(await heartbeat(own.knex, runId)).toBe(false);
  await endRun(own.knex, runId, 0);
  expect(await findRun(own.knex, runId)).toMatchObject({ exit_code: 255 });
});

test('a job that moved meanwhile is not moved again', async () => {
  const job = await insertJob(own.knex, { id: uuidV7(), job_type: 'export' });
  const start = (): Promise<unknown> =>
    own.knex.transaction(async (trx) => saveJobMove(trx, { job, patch: startJob(job, await readDatabaseClock(trx)), by: 'worker' }));
  const results = await Promise.allSettled([start(), start()]);
  expect(results.map((result) => result.status).sort()).toEqual(['fulfilled', 'rejected']);
  expect(await listTransitions(own.knex, job.id)).toHaveLength(1);
});
