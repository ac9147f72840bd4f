import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import { failExportJob } from '../../db/models/export-jobs.ts';
import { endJobAttempt } from '../../db/models/job-attempts.ts';
import { saveJobMove } from '../../db/models/jobs.ts';
import { yieldNaturalKey, type NewQueuedJob } from '../../db/models/queued-jobs.ts';
import { canRetry, failJob } from '../../domain/job.ts';
import { retryDelayMs } from '../../domain/job-queues.ts';
import { enqueueWithin } from './enqueue.ts';
import { underFence } from './finish.ts';
import type { Claim, Ledger } from './ledger.ts';

export type Failure = {
  message: string;
  trace?: string | undefined;
  /** `later`: after a pause, while attempts are left · `at-once`: the worker stops and gives it back; the attempt does not count · `never`. */
  again: 'later' | 'at-once' | 'never';
  /** Queued in the same transaction: what follows from the part that was done. */
  next?: readonly NewQueuedJob[] | undefined;
  /** Written in the same transaction where no attempt is left; returns what follows from that. */
  givenUp?: ((trx: Knex.Transaction) => Promise<NewQueuedJob[]>) | undefined;
};

/** Ends an attempt that did not work out. Throws FencedError when the job is not at this attempt any more. */
export async function fail(ledger: Ledger, claim: Claim, failure: Failure): Promise<void> {
  const { message, trace, again } = failure;
  await underFence(ledger, claim, async (trx, job) => {
    const engine = ledger.engine();
    const now = await readDatabaseClock(trx);
    const max_attempts = again === 'at-once' ? job.max_attempts + 1 : job.max_attempts;
    const retries = again !== 'never' && canRetry({ ...job, status: 'failed', max_attempts });
    const delayMs = again === 'at-once' ? 0 : retryDelayMs(job.attempt_number, Math.random());
    const startAfter = new Date(now.getTime() + delayMs);
    if (again === 'at-once') await engine.release(trx, claim.queue, job.id);
    else await engine.remove(trx, claim.queue, job.id);
    await endJobAttempt(trx, { jobId: job.id, attemptNumber: claim.attemptNumber, status: 'failed', error: { message, trace } });
    await failExportJob(trx, job.id, message);
    if (retries) await yieldNaturalKey(trx, job.id);
    const patch = { ...failJob(job, now, { message, trace }), max_attempts, next_retry_at: retries ? startAfter : null };
    await saveJobMove(trx, { job, patch, by: 'worker', metadata: { again: retries } });
    if (retries && again !== 'at-once') await engine.insert(trx, [{ id: job.id, queue: claim.queue, priority: job.priority, startAfter }]);
    await enqueueWithin(trx, engine, await whatFollows(trx, failure, retries));
  });
}

async function whatFollows(trx: Knex.Transaction, { next = [], givenUp }: Failure, retries: boolean): Promise<NewQueuedJob[]> {
  return retries || givenUp === undefined ? [...next] : [...next, ...(await givenUp(trx))];
}
