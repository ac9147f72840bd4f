import type { Database } from '../db/database.ts';
import { findUnfinishedJob } from '../db/models/queued-jobs.ts';
import { UsageError } from '../errors/hs-error.ts';
import { withoutSecretsOfCommand } from './worker/command-line.ts';
import { enqueue } from './ledger/enqueue.ts';
import { openLedger } from './ledger/ledger.ts';
import { commandJob, scanJob, type ScanPayload } from './worker/queued-work.ts';
import type { NewQueuedJob } from '../db/models/queued-jobs.ts';

/** `already`: the same work waits or runs, and was not queued again. */
export type QueuedWork = { job_id: string; queue: string; already: boolean };

/** Leaves a command line to a worker. What comes from standard input, or goes to standard output, cannot be left. */
export async function queueCommand(
  database: Database,
  { jobType, argv, cwd }: { jobType: string; argv: readonly string[]; cwd: string },
): Promise<QueuedWork> {
  if (argv.some((word) => word === '-' || word.endsWith('=-')))
    throw new UsageError('--queue goes without standard input and output: name files instead of -');
  return queueOne(database, commandJob(jobType, { argv: withoutSecretsOfCommand(argv), cwd }));
}

/** Leaves an ingest to workers, which list the folders and look at what is new there. */
export async function queueIngest(database: Database, payload: ScanPayload): Promise<QueuedWork> {
  return queueOne(database, scanJob(payload));
}

async function queueOne(database: Database, job: NewQueuedJob): Promise<QueuedWork> {
  const ledger = await openLedger(database.knex);
  try {
    const [queued] = await enqueue(ledger, [job]);
    if (queued !== undefined) return { job_id: queued.id, queue: queued.queue, already: false };
    const known = await findUnfinishedJob(database.knex, job.naturalKey);
    // It ended between the two questions.
    return known === undefined ? await queueOne(database, job) : { job_id: known.id, queue: job.queue, already: true };
  } finally {
    await ledger.close();
  }
}
