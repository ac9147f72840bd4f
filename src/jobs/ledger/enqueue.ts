import type { Knex } from 'knex';

import { insertQueuedJobs, type NewQueuedJob, type QueuedJob } from '../../db/models/queued-jobs.ts';
import type { JobEngine } from '../../db/engine/job-engine.ts';
import type { Ledger } from './ledger.ts';

/** Queues jobs; what waits (or, where asked, runs) under the same name already is left as it is. Returns those that are new. */
export async function enqueue(ledger: Ledger, jobs: readonly NewQueuedJob[]): Promise<QueuedJob[]> {
  const once = (): Promise<QueuedJob[]> => ledger.knex.transaction((trx) => enqueueWithin(trx, ledger.engine(), jobs));
  try {
    return await once();
  } catch (error) {
    if (!(await ledger.renew(error))) throw error;
    return once();
  }
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
