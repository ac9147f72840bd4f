import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import { endJobAttempt } from '../../db/models/job-attempts.ts';
import { findJobForUpdate, saveJobMove, type JobRow } from '../../db/models/jobs.ts';
import type { NewQueuedJob } from '../../db/models/queued-jobs.ts';
import { cancelJob, completeJob } from '../../domain/job.ts';
import { enqueueWithin } from './enqueue.ts';
import { FencedError, type Claim, type Ledger } from './ledger.ts';

export type FinishOptions = {
  result: object;
  /** Queued in the same transaction: what follows from the work is never forgotten. */
  next?: readonly NewQueuedJob[];
  /** Written in the same transaction, and so only by the attempt that counts; returns what else follows. */
  within?: ((trx: Knex.Transaction) => Promise<NewQueuedJob[]>) | undefined;
};

/** Completes a job. Throws FencedError, and writes nothing, when the job is not at this attempt any more. */
export async function finish(ledger: Ledger, claim: Claim, { result, next = [], within }: FinishOptions): Promise<void> {
  await underFence(ledger, claim, async (trx, job) => {
    const engine = ledger.engine();
    if (!(await engine.complete(trx, claim.queue, claim.engine))) throw new FencedError(job.id);
    const now = await readDatabaseClock(trx);
    await saveJobMove(trx, { job, patch: completeJob(job, now, result), by: 'worker' });
    await endJobAttempt(trx, { jobId: job.id, attemptNumber: claim.attemptNumber, status: 'succeeded', result });
    await enqueueWithin(trx, engine, [...next, ...((await within?.(trx)) ?? [])]);
  });
}

/** Ends a job that a user asked to stop. */
export async function finishCancelled(ledger: Ledger, claim: Claim): Promise<void> {
  await underFence(ledger, claim, async (trx, job) => {
    await ledger.engine().remove(trx, claim.queue, job.id);
    const patch = cancelJob(job, await readDatabaseClock(trx));
    if (patch === false) throw new FencedError(job.id);
    await saveJobMove(trx, { job, patch, by: 'worker' });
    await endJobAttempt(trx, { jobId: job.id, attemptNumber: claim.attemptNumber, status: 'cancelled' });
  });
}

/** Locks the job and makes sure that it is still at this attempt. */
export async function underFence(ledger: Ledger, claim: Claim, move: (trx: Knex.Transaction, job: JobRow) => Promise<void>): Promise<void> {
  try {
    await ledger.knex.transaction(async (trx) => {
      const job = await findJobForUpdate(trx, claim.job.id);
      if (job?.status !== 'running' || job.attempt_number !== claim.attemptNumber) throw new FencedError(claim.job.id);
      await move(trx, job);
    });
  } catch (error) {
    // A queue that was set up anew knows nothing of this claim: the job comes again.
    if (await ledger.renew(error)) throw new FencedError(claim.job.id);
    throw error;
  }
}
