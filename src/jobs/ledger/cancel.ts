import { readDatabaseClock } from '../../db/database-clock.ts';
import { findJobForUpdate, saveJobMove, type JobRow } from '../../db/models/jobs.ts';
import { requestCancel, yieldNaturalKey } from '../../db/models/queued-jobs.ts';
import { cancelJob, isFinished, prepareRetry } from '../../domain/job.ts';
import { isJobQueue } from '../../domain/job-queues.ts';
import type { Ledger } from './ledger.ts';

/** `stopping`: its worker stops at the next safe point. */
export type CancelOutcome = 'cancelled' | 'stopping' | 'not-retried' | 'over' | 'unknown';

/** Ends a job that waits, asks a running one to stop, and keeps a failed one from being tried again. */
export async function cancel(ledger: Ledger, id: string): Promise<CancelOutcome> {
  return ledger.knex.transaction(async (trx) => {
    const job = await findJobForUpdate(trx, id);
    if (job === undefined) return 'unknown';
    if (job.status === 'running') {
      await requestCancel(trx, id);
      return 'stopping';
    }
    if (isFinished(job) && job.next_retry_at === null) return 'over';
    if (job.queue_name !== null && isJobQueue(job.queue_name)) await ledger.engine().remove(trx, job.queue_name, id);
    if (job.status === 'failed') {
      await saveJobMove(trx, { job, patch: { next_retry_at: null }, by: 'user' });
      return 'not-retried';
    }
    const patch = cancelJob(job, await readDatabaseClock(trx));
    if (patch === false) return 'over';
    await saveJobMove(trx, { job, patch, by: 'user' });
    return 'cancelled';
  });
}

export type RetryOutcome = { kind: 'queued'; job: JobRow } | { kind: 'not-failed' | 'not-queued-work' | 'unknown' };

/** Queues a failed job once more, with one attempt more than it had where all were used up. */
export async function retry(ledger: Ledger, id: string): Promise<RetryOutcome> {
  return ledger.knex.transaction(async (trx) => {
    const job = await findJobForUpdate(trx, id);
    if (job === undefined) return { kind: 'unknown' };
    if (job.status !== 'failed') return { kind: 'not-failed' };
    const queue = job.queue_name;
    if (queue === null || !isJobQueue(queue)) return { kind: 'not-queued-work' };
    const max_attempts = Math.max(job.max_attempts, job.attempt_number + 1);
    const patch = prepareRetry({ ...job, max_attempts });
    if (patch === false) return { kind: 'not-failed' };
    await yieldNaturalKey(trx, id);
    const queued = await saveJobMove(trx, { job, patch: { ...patch, max_attempts, next_retry_at: null }, by: 'user' });
    await ledger.engine().remove(trx, queue, id);
    await ledger.engine().insert(trx, [{ id, queue, priority: job.priority }]);
    return { kind: 'queued', job: queued };
  });
}
