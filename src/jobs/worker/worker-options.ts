import type { Database } from '../../db/database.ts';
import type { JobFate } from './run-one-job.ts';
import type { LifeOptions } from './worker-life.ts';

export type WorkerTally = Record<JobFate, number>;

/** When a worker that was not told to stop ends. */
export type WorkerLimits = {
  /** When nothing is left in its queues, nor with other workers. */
  once: boolean;
  /** When it had nothing to do for so long. */
  idleMs?: number | undefined;
  maxJobs?: number | undefined;
  /** No new job is begun after this instant. */
  deadline?: Date | undefined;
};

export type RunWorkerOptions = Omit<LifeOptions, 'ledger' | 'mayStart' | 'onUnfit'> & {
  database: Database;
  limits: WorkerLimits;
  /** So long jobs under way may take when the worker is told to stop; then they are given back. */
  graceMs: number;
  signal: AbortSignal;
  onJob: (line: { jobType: string; id: string; fate: JobFate; seconds: number }) => void;
};
