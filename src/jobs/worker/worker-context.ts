import type { Database } from '../../db/database.ts';
import type { UnavailableError } from '../../errors/hs-error.ts';
import type { AppLogLevel } from '../../domain/enums.ts';
import type { IngestSettings } from '../../services/ingest/ingest-options.ts';
import type { JobLog } from '../job-log.ts';
import type { Failure } from '../ledger/fail.ts';
import type { FinishOptions } from '../ledger/finish.ts';
import type { Claim, Ledger } from '../ledger/ledger.ts';

/** Settings of a worker are those of whatever it may be asked to do. */
export type WorkerSettings = IngestSettings;

/** What a worker has for as long as it holds its run. */
export type WorkerLife = {
  database: Database;
  ledger: Ledger;
  runId: string;
  settings: WorkerSettings;
  settingsFingerprint: string;
  version: string;
  logLevel: AppLogLevel;
  /** Processes that compute at the same time. */
  concurrency: number;
  /** Whether new work may be begun. */
  mayStart: () => boolean;
  warn: (message: string) => void;
  /** Called when this worker turns out not to be able to do what it claimed: its jobs go back, and it ends. */
  onUnfit: (error: UnavailableError) => void;
  /** Whether the connection that says it is alive still holds. */
  isAlive: () => Promise<boolean>;
  /** The program itself, for jobs that are command lines. */
  program: string;
};

/** What a job is told of while it runs. */
export type JobRun = {
  claim: Claim;
  /** Aborted when the job is cancelled or lost, and when the worker must end. */
  signal: AbortSignal;
  log: JobLog['write'];
  progress: (percent: number, step?: string) => void;
  /** Says that only saving is left: the next job may have what this one computed with. */
  freeProcess: () => void;
};

/** How a job ended. Errors that are thrown are failures; those of a user are not tried again. */
export type JobEnd =
  ({ kind: 'done' } & FinishOptions) | ({ kind: 'failed'; again: 'later' | 'never' } & Omit<Failure, 'again'>) | { kind: 'given-back' };

export type JobHandler = (life: WorkerLife, run: JobRun) => Promise<JobEnd>;
