import { lockFolders } from '../db/folder-locks.ts';
import { SHARDS_DERIVE_KEY } from '../db/lock-keys.ts';
import { openLockSession, withLock, type LockSession } from '../db/locks.ts';
import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { ingest, type IngestOptions, type IngestOutcome } from '../services/ingest/ingest.ts';
import type { FileProblem } from '../services/ingest/ingest-tally.ts';
import { realRoots } from '../services/ingest/roots.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type IngestAsJobOptions = Omit<IngestOptions, 'runId' | 'workers'> &
  Pick<RunAsJobOptions, 'version' | 'settingsFingerprint' | 'args' | 'logLevel' | 'adopts'> & {
    workers: number;
    /** How long to wait for another run on overlapping folders. */
    lockWaitMs: number;
  };

export type IngestJobOutcome = IngestOutcome & { exitCode: ExitCode; runId: string | undefined; jobId: string | undefined };

/** Takes in footage with the records of a job around it; overlapping folders are worked on by one run at a time. */
export async function ingestAsJob(options: IngestAsJobOptions): Promise<IngestJobOutcome> {
  const { database, request } = options;
  const roots = await realRoots(request.roots);
  if (request.dryRun) {
    const outcome = await ingest({ ...options, runId: '' });
    return { ...outcome, exitCode: exitCodeOf(outcome, options.signal), runId: undefined, jobId: undefined };
  }
  const session = await openLockSession(database);
  try {
    await lockFolders(session, { roots, shard: request.shard }, options.lockWaitMs);
    return await ingestUnderLock(options, session);
  } finally {
    await session.close().catch(() => undefined);
  }
}

async function ingestUnderLock(options: IngestAsJobOptions, session: LockSession): Promise<IngestJobOutcome> {
  const job = { ...options, jobType: 'ingest', command: 'ingest' };
  const { result, exitCode, runId, jobId } = await runAsJob(job, async (context) => {
    const outcome = await ingest({
      ...options,
      runId: context.runId,
      signal: context.signal,
      inTurn: options.request.shard && ((work) => withLock(session, SHARDS_DERIVE_KEY, { work, signal: context.signal })),
      onProgress: (progress) => {
        const { tally, stage } = progress;
        const percent = stage === 'listing' ? 0 : Math.floor((95 * tally.finished) / Math.max(1, tally.taken));
        const files = stage === 'reading' ? '' : `: ${String(tally.finished)} of ${String(tally.taken)} files`;
        context.progress(percent, `${stage}${files}`);
        options.onProgress(progress);
      },
      onProblem: (problem) => {
        context.log('warning', describe(problem), { code: problem.code, path: problem.path });
        options.onProblem(problem);
      },
      warn: (message) => {
        context.log('warning', message);
        options.warn(message);
      },
    });
    const code = exitCodeOf(outcome, context.signal);
    return {
      result: outcome,
      exitCode: code,
      summary: {
        ...outcome.tally,
        ...outcome.changes,
        scored: outcome.scored,
        alerts: outcome.alerts,
        detector: outcome.detector,
        workers: options.workers,
        given: outcome.given,
      },
    };
  });
  return { ...result, exitCode, runId, jobId };
}

function describe({ path, status, code, message }: FileProblem): string {
  return `${path}: ${status} (${code}) ${message}`;
}

/** All conditions that hold; the most telling one is the exit code (§11). */
function exitCodeOf({ tally, stoppedBy, alerts, findings }: IngestOutcome, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = [];
  if (tally.failed + tally.partial + tally.empty + tally.unlisted > 0) codes.push(EXIT.someFailed);
  if (stoppedBy === 'deadline' || stoppedBy === 'limit') codes.push(EXIT.limitReached);
  if (findings.length > 0) codes.push(EXIT.findings);
  if ((alerts?.told?.failed ?? 0) > 0) codes.push(EXIT.temporary);
  if (signal.aborted) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
