import type { Knex } from 'knex';

import { ENGINE_SCHEMA } from '../../src/db/engine/job-engine.ts';
import type { NewQueuedJob } from '../../src/db/models/queued-jobs.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import type { JobQueue } from '../../src/domain/job-queues.ts';
import { claim } from '../../src/jobs/ledger/claim.ts';
import { openLedger, type Claim, type Ledger } from '../../src/jobs/ledger/ledger.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';

/** A database of its own with its ledger. */
export type TestLedger = TestDatabase & { ledger: Ledger };

export async function createTestLedger(): Promise<TestLedger> {
  const own = await createTestDatabase();
  const ledger = await openLedger(own.knex);
  const drop = async (): Promise<void> => {
    await ledger.close();
    await own.drop();
  };
  return { ...own, ledger, drop };
}

export async function deleteJobs(knex: Knex): Promise<void> {
  await knex('jobs').delete();
  await knex.raw(`DELETE FROM ${ENGINE_SCHEMA}.job`);
}

/** Work that goes by this name. */
export function newJob(name: string, patch: Partial<NewQueuedJob> = {}): NewQueuedJob {
  return { queue: 'detect', jobType: 'detect', payload: { name }, priority: 2, naturalKey: name, evenWhileRunning: false, ...patch };
}

/** The next job of these queues, claimed for a worker of which nobody knows. Throws where there is none. */
export async function takeJob({ ledger }: Pick<TestLedger, 'ledger'>, queues: readonly JobQueue[] = ['detect']): Promise<Claim> {
  const claimed = await claim(ledger, { queues, workerId: uuidV7() });
  if (typeof claimed === 'string') throw new Error(claimed);
  return claimed;
}
