import type { Database } from '../db/database.ts';
import { lockRun, openLockSession, type LockSession } from '../db/locks.ts';
import { isCancelRequested } from '../db/models/queued-jobs.ts';
import { heartbeat } from '../db/models/runs.ts';
import { uuidV7 } from '../db/uuid-v7.ts';
import { lockRunAlone, type WritersWait } from '../db/without-writers.ts';
import type { AppLogLevel, LogLevel } from '../domain/enums.ts';
import type { ExitCode } from '../errors/exit-codes.ts';
import { CancelledError, TemporaryError } from '../errors/hs-error.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import type { LogContext } from './app-log.ts';
import { joinJob, leaveJob, readAdopted, type AdoptedJob } from './adopt-job.ts';
import { finishJob, type JobOutcome } from './finish-job.ts';
import { createJobLog } from './job-log.ts';
import { createJobProgress } from './job-progress.ts';
import { reapDeadRuns } from './reap-dead-runs.ts';
import { startJob, type JobOrder } from './start-job.ts';

export type RunAsJobOptions = Omit<JobOrder, 'runId' | 'jobId'> & {
  database: Database;
  /** Stop request of the user; the work ends at its next safe point and the job is cancelled. */
  signal: AbortSignal;
  /** Log lines for people, e.g. on stderr; also while the database is away. */
  onLog?: (level: LogLevel, message: string) => void;
  /** Lowest level that reaches the `logs` table. job_logs always has all. */
  logLevel: AppLogLevel;
  heartbeatMs?: number;
  /** `JOB/ATTEMPT` of a job that a worker has claimed and runs this command line for: its rows are kept, and it stays the worker's to end. */
  adopts?: string | undefined;
  /** Nobody else writes meanwhile; so long it waits for those who do. */
  alone?: Pick<WritersWait, 'waitMs'>;
};

export type JobContext = {
  runId: string;
  jobId: string;
  /** Aborted by the user's stop request, and when this run lost its database connection or was taken for dead. */
  signal: AbortSignal;
  log: (level: LogLevel, message: string, context?: LogContext) => void;
  /** Percent 0 to 100; never goes backwards, written at most once a second. */
  progress: (percent: number, step?: string) => void;
};

export type JobResult<T> = { result: T; exitCode: ExitCode; summary?: object };

const HEARTBEAT_MS = 15_000;

/**
 * Runs `work` with the records of a job around it: runs, jobs, job_attempts, job_transitions, job_logs and logs. An error of
 * `work` is recorded and thrown on; after a stop request the job counts as cancelled.
 */
export async function runAsJob<T>(
  options: RunAsJobOptions,
  work: (context: JobContext) => Promise<JobResult<T>>,
): Promise<JobResult<T> & { runId: string; jobId: string }> {
  const { database, alone, signal } = options;
  await reapDeadRuns(database.knex);
  const adopted = readAdopted(options.adopts);
  const ids = { runId: uuidV7(), jobId: adopted?.jobId ?? uuidV7(), adopted };
  const session = await openLockSession(options.database);
  try {
    // First the lock, then the row: a run without its lock would count as dead.
    await (alone === undefined ? lockRun(session, ids.runId) : lockRunAlone(session, ids.runId, { ...alone, database, signal }));
    const { runId, jobId } = ids;
    return { ...(await recorded(options, { ...ids, session }, work)), runId, jobId };
  } finally {
    await session.close().catch(() => undefined);
  }
}

type LockedRun = { runId: string; jobId: string; adopted: AdoptedJob | undefined; session: LockSession };

async function recorded<T>(
  options: RunAsJobOptions,
  run: LockedRun,
  work: (context: JobContext) => Promise<JobResult<T>>,
): Promise<JobResult<T>> {
  const { knex } = options.database;
  const { runId, jobId, adopted } = run;
  const order = { ...options, runId, jobId };
  const job = adopted === undefined ? await startJob(knex, order) : await joinJob(knex, order, adopted);
  const life = keepAlive(options, run);
  const progress = createJobProgress(knex, job);
  const log = createJobLog({ ...options, knex, component: options.jobType }, { runId, jobId, attemptNumber: job.attempt_number });
  const signal = AbortSignal.any([options.signal, life.signal]);
  const finish = async (outcome: JobOutcome): Promise<void> => {
    life.stop();
    await progress.close();
    await log.close();
    await (adopted === undefined ? finishJob(knex, { runId, jobId }, outcome) : leaveJob(knex, { runId, jobId }, outcome));
  };
  let outcome: JobResult<T>;
  try {
    outcome = await work({ runId, jobId, signal, log: log.write, progress: progress.report });
    // Work that stopped early for this reason must not pass for a finished run.
    life.signal.throwIfAborted();
  } catch (error) {
    const shown: unknown = signal.aborted ? signal.reason : error;
    log.write('error', toErrorReport(shown).message);
    // The first error is the one to tell; a run that cannot be ended now is found dead by the next one.
    await finish({ exitCode: toErrorReport(shown).exitCode, error: shown }).catch(() => undefined);
    throw shown;
  }
  await finish(outcome);
  return outcome;
}

/** Heartbeats, and a signal for the moment when this run is no longer entitled to write. */
function keepAlive(options: RunAsJobOptions, { runId, jobId, session }: LockedRun): { signal: AbortSignal; stop: () => void } {
  const over = new AbortController();
  const beat = async (): Promise<void> => {
    // A database that does not answer shows in the lock session, or in the work itself.
    const isOpen = await heartbeat(options.database.knex, runId).catch(() => true);
    if (await isCancelRequested(options.database.knex, jobId).catch(() => false)) over.abort(new CancelledError());
    if (!isOpen)
      over.abort(
        new TemporaryError('run_taken_over', 'this run was taken for dead and ended by another one', { hint: 'run the command again' }),
      );
  };
  const timer = setInterval(() => void beat(), options.heartbeatMs ?? HEARTBEAT_MS);
  timer.unref();
  session.lost.addEventListener(
    'abort',
    () => {
      over.abort(
        new TemporaryError('database_lost', 'the connection to the database broke', {
          hint: 'run the command again: it goes on where it stopped',
        }),
      );
    },
    { once: true },
  );
  return {
    signal: over.signal,
    stop: () => {
      clearInterval(timer);
    },
  };
}
