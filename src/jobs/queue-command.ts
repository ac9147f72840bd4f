import type { Database } from '../db/database.ts';
import { findUnfinishedJob } from '../db/models/queued-jobs.ts';
import { COMMAND_JOBS } from '../domain/command-jobs.ts';
import { detectQueueFor } from '../domain/job-queues.ts';
import { commandOfWorker } from './worker/command-line.ts';
import { enqueue } from './ledger/enqueue.ts';
import { openLedger } from './ledger/ledger.ts';
import { commandJob, scanJob, type ScanPayload } from './worker/queued-work.ts';
import type { NewQueuedJob } from '../db/models/queued-jobs.ts';

/** `already`: the same work waits or runs, and was not queued again. */
export type QueuedWork = { job_id: string; queue: string; already: boolean };

export type CommandOrder = {
  /** Its id, such as `events:clip`. */
  command: string;
  argv: readonly string[];
  cwd: string;
  /** Who is recorded as having done it, whoever's worker does it. */
  actor: string;
  /** What it is to compute with, if it computes. */
  device: string;
};

/** Leaves a command line to a worker that has what it needs. */
export async function queueCommand(database: Database, { command, argv, device, ...order }: CommandOrder): Promise<QueuedWork> {
  const { jobType, queue } = COMMAND_JOBS[command] ?? {};
  if (jobType === undefined || queue === undefined) throw new Error(`hs ${command} is not left to workers`);
  const waitsIn = queue === 'detect' ? detectQueueFor(device) : queue;
  return queueOne(database, commandJob({ jobType, queue: waitsIn }, { ...order, argv: commandOfWorker(argv) }));
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
