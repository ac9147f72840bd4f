import type { Knex } from 'knex';
import { readDatabaseClock } from '../db/database-clock.ts';
import { insertJobAttempt } from '../db/models/job-attempts.ts';
import { findJobForUpdate, insertJob, saveJobMove, type JobRow } from '../db/models/jobs.ts';
import { insertRun } from '../db/models/runs.ts';
import { startJob as toRunning } from '../domain/job.ts';
import { redact } from '../lib/redact.ts';

export type JobOrder = {
  runId: string;
  jobId: string;
  jobType: string;
  command: string;
  /** Flags and arguments; secrets are replaced before they are stored. */
  args: Readonly<Record<string, unknown>>;
  version: string;
  settingsFingerprint: string;
  modelFingerprint?: string | undefined;
};

/** Writes the queued job with its run, then starts it: the same steps and rows as a job taken from the queue. */
export async function startJob(knex: Knex, order: JobOrder): Promise<JobRow> {
  return knex.transaction(async (trx) => {
    await insertJob(trx, { id: order.jobId, job_type: order.jobType });
    await insertRunOf(trx, order);
    const job = await findJobForUpdate(trx, order.jobId);
    if (job === undefined) throw new Error(`job ${order.jobId} is gone`);
    const running = await saveJobMove(trx, { job, patch: toRunning(job, await readDatabaseClock(trx)), by: 'worker' });
    await insertJobAttempt(trx, { jobId: job.id, attemptNumber: job.attempt_number, workerId: order.runId });
    return running;
  });
}

export async function insertRunOf(knex: Knex, order: JobOrder): Promise<void> {
  await insertRun(knex, {
    id: order.runId,
    command: order.command,
    args_json: redact(order.args) as Record<string, unknown>,
    hs_version: order.version,
    config_fingerprint: order.settingsFingerprint,
    model_fingerprint: order.modelFingerprint ?? null,
    job_id: order.jobId,
  });
}
