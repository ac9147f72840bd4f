import type { Knex } from 'knex';
import { readDatabaseClock } from '../db/database-clock.ts';
import { endJobAttempt } from '../db/models/job-attempts.ts';
import { findJobForUpdate, saveJobMove, type JobRow } from '../db/models/jobs.ts';
import { endRun } from '../db/models/runs.ts';
import type { JobAttemptStatus } from '../domain/enums.ts';
import { cancelJob, completeJob, failJob, type JobPatch } from '../domain/job.ts';
import { COMPLETED_CODES, EXIT, type ExitCode } from '../errors/exit-codes.ts';
import { HsError } from '../errors/hs-error.ts';
import { redactText } from '../lib/redact.ts';

/** How the work ended; `summary` is stored as the job's result. */
export type JobOutcome = { exitCode: ExitCode; summary?: object | undefined; error?: unknown };

type FinishedAs = Exclude<JobAttemptStatus, 'started'>;
type FailureText = { message: string; trace?: string };

const CANCELLED: readonly ExitCode[] = [EXIT.interrupted, EXIT.terminated];

/** Ends job, attempt and run together. A job that somebody else ended meanwhile stays as it is. */
export async function finishJob(knex: Knex, ids: { runId: string; jobId: string }, outcome: JobOutcome): Promise<void> {
  await knex.transaction(async (trx) => {
    const job = await findJobForUpdate(trx, ids.jobId);
    if (job?.status === 'running') await endJob(trx, job, outcome);
    await endRun(trx, ids.runId, outcome.exitCode);
  });
}

async function endJob(trx: Knex.Transaction, job: JobRow, outcome: JobOutcome): Promise<void> {
  const finishedAs = finishedAsOf(outcome.exitCode);
  const failure = finishedAs === 'failed' ? toFailureText(outcome) : undefined;
  const result = { ...outcome.summary, exit_code: outcome.exitCode };
  const patch = toPatch(job, finishedAs, { now: await readDatabaseClock(trx), result, failure });
  await saveJobMove(trx, { job, patch, by: 'worker', metadata: { exit_code: outcome.exitCode } });
  await endJobAttempt(trx, {
    jobId: job.id,
    attemptNumber: job.attempt_number,
    status: finishedAs,
    result,
    ...(failure === undefined ? {} : { error: failure }),
  });
}

function finishedAsOf(exitCode: ExitCode): FinishedAs {
  if (COMPLETED_CODES.includes(exitCode)) return 'succeeded';
  return CANCELLED.includes(exitCode) ? 'cancelled' : 'failed';
}

type Ending = { now: Date; result: object; failure: FailureText | undefined };

function toPatch(job: JobRow, finishedAs: FinishedAs, { now, result, failure }: Ending): JobPatch {
  if (finishedAs === 'succeeded') return completeJob(job, now, result);
  const patch = failure === undefined ? cancelJob(job, now) : failJob(job, now, failure);
  return { ...patch, result };
}

/** Texts as the database takes them: no secrets, no NUL. Only a bug has a trace worth keeping. */
function toFailureText({ error, exitCode }: JobOutcome): FailureText {
  const clear = (text: string): string => redactText(text).replaceAll('\0', '');
  if (error === undefined) return { message: `ended with exit code ${String(exitCode)}` };
  if (!(error instanceof Error)) return { message: 'failed without an error object' };
  const message = clear(error.message);
  return error instanceof HsError || error.stack === undefined ? { message } : { message, trace: clear(error.stack) };
}
