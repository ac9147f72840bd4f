import type { Knex } from 'knex';

import { failJob } from '../../domain/job.ts';
import { readDatabaseClock } from '../database-clock.ts';
import { failExportJob } from './export-jobs.ts';
import { endJobAttempt } from './job-attempts.ts';
import { findJobForUpdate, saveJobMove } from './jobs.ts';
import { releaseFiles } from './media-files.ts';
import type { RunRow } from './runs.ts';

export type ReapedRun = { runId: string; releasedFiles: number; failedJobId: string | null };

const FOUND_DEAD = 255;
const REASON = 'the process that ran this job is gone';

/**
 * Clears up after a run whose process died: ends it at its last heartbeat, gives its files back, fails its running job.
 * Undefined when the run ended meanwhile, or another process was faster.
 */
export async function reapDeadRun(knex: Knex, runId: string): Promise<ReapedRun | undefined> {
  return knex.transaction(async (trx) => {
    const run = await trx<RunRow>('runs').where({ id: runId }).whereNull('ended_at').forUpdate().first();
    if (run === undefined) return undefined;
    await trx('runs')
      .where({ id: runId })
      .update({ ended_at: trx.ref('heartbeat_at'), exit_code: FOUND_DEAD });
    const releasedFiles = await releaseFiles(trx, runId);
    const failedJobId = run.job_id !== null && (await failRunningJob(trx, run.job_id)) ? run.job_id : null;
    return { runId, releasedFiles, failedJobId };
  });
}

/** False when the job does not run (any more), or is one that workers take over from each other. */
export async function failRunningJob(trx: Knex.Transaction, jobId: string): Promise<boolean> {
  const job = await findJobForUpdate(trx, jobId);
  if (job?.status !== 'running' || job.queue_name !== null) return false;
  const patch = failJob(job, await readDatabaseClock(trx), { message: REASON });
  await saveJobMove(trx, { job, patch, by: 'system', metadata: { reason: 'run died' } });
  // An export has the id of its job.
  await failExportJob(trx, jobId, REASON);
  await endJobAttempt(trx, {
    jobId,
    attemptNumber: job.attempt_number,
    status: 'failed',
    error: { message: REASON },
  });
  return true;
}
