import type { Knex } from 'knex';

import { findJob, saveJobProgress, type JobRow } from '../db/models/jobs.ts';
import { endRun } from '../db/models/runs.ts';
import { TemporaryError } from '../errors/hs-error.ts';
import type { JobOutcome } from './finish-job.ts';
import { insertRunOf, type JobOrder } from './start-job.ts';

/** A job that a worker has claimed, and which attempt of it. */
export type AdoptedJob = { jobId: string; attemptNumber: number };

/** Reads `JOB/ATTEMPT`; anything else is none. */
export function readAdopted(text: string | undefined): AdoptedJob | undefined {
  const [, jobId, attempt] = /^([0-9a-f-]{36})\/(\d{1,6})$/.exec(text ?? '') ?? [];
  return jobId === undefined ? undefined : { jobId, attemptNumber: Number(attempt) };
}

/** Records a run for the job of a worker. Throws TemporaryError when the job is not at this attempt any more. */
export async function joinJob(knex: Knex, order: JobOrder, { jobId, attemptNumber }: AdoptedJob): Promise<JobRow> {
  const job = await findJob(knex, jobId);
  if (job?.status !== 'running' || job.attempt_number !== attemptNumber) {
    throw new TemporaryError('job_taken_over', `job ${jobId} is not at attempt ${String(attemptNumber)} any more`);
  }
  await insertRunOf(knex, order);
  return job;
}

/** Ends the run and says how it went; the worker, which sees the exit code, ends the job. */
export async function leaveJob(knex: Knex, { runId, jobId }: { runId: string; jobId: string }, outcome: JobOutcome): Promise<void> {
  if (outcome.summary !== undefined) await saveJobProgress(knex, jobId, { result: outcome.summary });
  await endRun(knex, runId, outcome.exitCode);
}
