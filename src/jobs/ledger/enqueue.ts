import type { Knex } from 'knex';

import { insertQueuedJobs, type NewQueuedJob, type QueuedJob } from '../../db/models/queued-jobs.ts';
import type { JobEngine } from '../../db/engine/job-engine.ts';
import { withEngine, type Ledger } from './ledger.ts';

/** Queues jobs; what waits (or, where asked, runs) under the same name already is left as it is. Returns those that are new. */
export async function enqueue(ledger: Ledger, jobs: readonly NewQueuedJob[]): Promise<QueuedJob[]> {
  return withEngine(ledger, (trx, engine) => enqueueWithin(trx, engine, jobs));
}

/** The same as part of a larger transaction. */
export async function enqueueWithin(
  trx: Knex.Transaction,
  engine: Pick<JobEngine, 'insert'>,
  jobs: readonly NewQueuedJob[],
): Promise<QueuedJob[]> {
  if (jobs.length === 0) return [];
  const queued = await insertQueuedJobs(trx, jobs);
  await engine.insert(
    trx,
    queued.map(({ startAfter, ...job }) => ({ ...job, startAfter: startAfter ?? undefined })),
  );
  return queued;
}
