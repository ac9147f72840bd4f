import type { Database } from '../db/database.ts';
import { lockRun, openLockSession, type LockSession } from '../db/locks.ts';
import { insertJobLogs, type NewJobLog } from '../db/models/job-logs.ts';
import { heartbeat } from '../db/models/runs.ts';
import { uuidV7 } from '../db/uuid-v7.ts';
import { lockRunAlone, type WritersWait } from '../db/without-writers.ts';
import type { AppLogLevel, LogLevel } from '../domain/enums.ts';
import type { ExitCode } from '../errors/exit-codes.ts';
import { TemporaryError } from '../errors/hs-error.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { redact, redactText } from '../lib/redact.ts';
import { createAppLog, type LogContext } from './app-log.ts';
import { createBatchWriter } from './batch-writer.ts';
import { finishJob, type JobOutcome } from './finish-job.ts';
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
  const ids = { runId: uuidV7(), jobId: uuidV7() };
  const session = await openLockSession(options.database);
  try {
    // First the lock, then the row: a run without its lock would count as dead.
    await (alone === undefined ? lockRun(session, ids.runId) : lockRunAlone(session, ids.runId, { ...alone, database, signal }));
    return { ...(await recorded(options, { ...ids, session }, work)), ...ids };
  } finally {
    await session.close().catch(() => undefined);
  }
}

type LockedRun = { runId: string; jobId: string; session: LockSession };

async function recorded<T>(
  options: RunAsJobOptions,
  run: LockedRun,
  work: (context: JobContext) => Promise<JobResult<T>>,
): Promise<JobResult<T>> {
  const { knex } = options.database;
  const { runId, jobId } = run;
  const job = await startJob(knex, { ...options, runId, jobId });
  const life = keepAlive(options, run);
  const progress = createJobProgress(knex, job);
  const log = createJobLog(options, { runId, jobId, attemptNumber: job.attempt_number });
  const signal = AbortSignal.any([options.signal, life.signal]);
  const finish = async (outcome: JobOutcome): Promise<void> => {
    life.stop();
    await progress.close();
    await log.close();
    await finishJob(knex, { runId, jobId }, outcome);
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
function keepAlive(options: RunAsJobOptions, { runId, session }: LockedRun): { signal: AbortSignal; stop: () => void } {
  const over = new AbortController();
  const beat = async (): Promise<void> => {
    // A database that does not answer shows in the lock session, or in the work itself.
    const isOpen = await heartbeat(options.database.knex, runId).catch(() => true);
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

type JobLog = { write: JobContext['log']; close: () => Promise<void> };

function createJobLog(options: RunAsJobOptions, job: { runId: string; jobId: string; attemptNumber: number }): JobLog {
  const { knex } = options.database;
  const lines = createBatchWriter<NewJobLog>({ write: (batch) => insertJobLogs(knex, batch) });
  const { jobType: component, logLevel: lowest } = options;
  const appLog = createAppLog({ knex, component, runId: job.runId, lowest });
  return {
    write: (level, message, context) => {
      options.onLog?.(level, message);
      appLog.log(level, message, context);
      lines.add({
        job_id: job.jobId,
        attempt_number: job.attemptNumber,
        level,
        message: redactText(message),
        timestamp: new Date(),
        ...(context === undefined ? {} : { context: redact(context) }),
      });
    },
    close: async () => {
      await lines.close();
      await appLog.close();
    },
  };
}
