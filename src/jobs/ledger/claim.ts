import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import type { EngineClaim, JobEngine } from '../../db/engine/job-engine.ts';
import { insertJobAttempt } from '../../db/models/job-attempts.ts';
import { findJobForUpdate, saveJobMove, type JobRow } from '../../db/models/jobs.ts';
import { yieldNaturalKey } from '../../db/models/queued-jobs.ts';
import { prepareRetry, startJob } from '../../domain/job.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import type { Claim, Ledger } from './ledger.ts';
import { endLostAttempt } from './lost-attempt.ts';

type ClaimOptions = {
  queues: readonly JobQueue[];
  workerId: string;
  /** Whether a job of this queue may be begun now; asked only where there is one. */
  admits?: (queue: JobQueue) => Promise<boolean>;
};

/** What there was: a job to do, nothing now, a job that was over (try again), or only jobs that may not be begun. */
export type Claimed = Claim | 'nothing' | 'settled' | 'refused';

/** Takes the most urgent job of the first of these queues that has one, and opens an attempt for it. */
export async function claim(ledger: Ledger, { queues, workerId, admits }: ClaimOptions): Promise<Claimed> {
  const engine = ledger.engine();
  try {
    const ready = await engine.findReady(queues);
    const queue = await firstAdmitted(ready, admits);
    if (queue === undefined) return ready.length === 0 ? 'nothing' : 'refused';
    return await ledger.knex.transaction(async (trx) => {
      const handed = await engine.fetch(trx, queue);
      return handed === undefined ? 'nothing' : open(trx, { engine, queue, handed, workerId });
    });
  } catch (error) {
    if (!(await ledger.renew(error))) throw error;
    return 'nothing';
  }
}

async function firstAdmitted(queues: readonly JobQueue[], admits: ClaimOptions['admits']): Promise<JobQueue | undefined> {
  for (const queue of queues) if (admits === undefined || (await admits(queue))) return queue;
  return undefined;
}

/** In how many ms the next job that waits may be handed out; undefined: none waits. */
export async function findNextStart(ledger: Ledger, queues: readonly JobQueue[]): Promise<number | undefined> {
  try {
    return await ledger.engine().findNextStart(queues);
  } catch (error) {
    if (!(await ledger.renew(error))) throw error;
    return 0;
  }
}

type Handed = { engine: JobEngine; queue: JobQueue; handed: EngineClaim; workerId: string };

async function open(trx: Knex.Transaction, { engine, queue, handed, workerId }: Handed): Promise<Claimed> {
  const found = await findJobForUpdate(trx, handed.id);
  const queued = found === undefined ? undefined : await backInQueue(trx, found);
  if (queued === undefined) {
    await engine.remove(trx, queue, handed.id);
    return 'settled';
  }
  const job = await saveJobMove(trx, { job: queued, patch: startJob(queued, await readDatabaseClock(trx)), by: 'worker' });
  await insertJobAttempt(trx, { jobId: job.id, attemptNumber: job.attempt_number, workerId });
  return { job, queue, attemptNumber: job.attempt_number, engine: handed };
}

/** The job as queued; undefined when it is over. One that still counts as running has lost its worker: that attempt ends here. */
async function backInQueue(trx: Knex.Transaction, found: JobRow): Promise<JobRow | undefined> {
  if (found.status === 'queued') return found;
  const failed = found.status === 'running' ? await endLostAttempt(trx, found, 'timeout') : found;
  if (failed.status !== 'failed' || failed.next_retry_at === null) return undefined;
  const patch = prepareRetry(failed);
  if (patch === false) return undefined;
  await yieldNaturalKey(trx, failed.id);
  return saveJobMove(trx, { job: failed, patch, by: 'retry' });
}
