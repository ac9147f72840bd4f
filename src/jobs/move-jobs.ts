import type { Database } from '../db/database.ts';
import { UsageError } from '../errors/hs-error.ts';
import { getJob } from '../services/jobs/get-job.ts';
import { cancel, retry, type CancelOutcome, type RetryOutcome } from './ledger/cancel.ts';
import { openLedger, type Ledger } from './ledger/ledger.ts';

/** What became of a job that a user wanted to move. */
export type MovedJob = { id: string; was: string; outcome: string };

const CANCELLED: Readonly<Record<CancelOutcome, string>> = {
  cancelled: 'cancelled',
  stopping: 'stops at its next safe point',
  'not-retried': 'failed, and is not tried again',
  over: 'was over already',
  unknown: 'is gone',
};

const RETRIED: Readonly<Record<RetryOutcome['kind'], string>> = {
  queued: 'queued',
  'not-failed': 'has not failed',
  'not-queued-work': 'was not left to workers: run its command again',
  unknown: 'is gone',
};

/** Ends jobs that wait and asks running ones to stop. Throws UsageError for an id that is none, before anything is changed. */
export function cancelJobs(database: Database, ids: readonly string[]): Promise<MovedJob[]> {
  return moveAll(database, ids, async (ledger, id) => CANCELLED[await cancel(ledger, id)]);
}

/** Queues failed jobs once more. Throws UsageError for an id that is none, before anything is changed. */
export function retryJobs(database: Database, ids: readonly string[]): Promise<MovedJob[]> {
  return moveAll(database, ids, async (ledger, id) => RETRIED[(await retry(ledger, id)).kind]);
}

type Move = (ledger: Ledger, id: string) => Promise<string>;

async function moveAll(database: Database, ids: readonly string[], move: Move): Promise<MovedJob[]> {
  if (ids.length === 0) throw new UsageError('name at least one job', { hint: 'hs jobs list shows the ids' });
  const jobs = [];
  for (const id of ids) jobs.push(await getJob(database.knex, id));
  const ledger = await openLedger(database.knex);
  try {
    const moved: MovedJob[] = [];
    for (const { id, status } of jobs) moved.push({ id, was: status, outcome: await move(ledger, id) });
    return moved;
  } finally {
    await ledger.close();
  }
}
