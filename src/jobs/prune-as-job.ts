import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { prune, type PruneOptions, type PruneOutcome } from '../services/retention/prune.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type PruneAsJobOptions = Omit<PruneOptions, 'signal'> & {
  job: Omit<RunAsJobOptions, 'jobType' | 'alone'>;
  /** How long to wait for runs that write. */
  lockWaitMs: number;
};

/** Removes what is over age with the records of a job around it, while nobody else writes. */
export async function pruneAsJob({ job, lockWaitMs, ...options }: PruneAsJobOptions): Promise<PruneOutcome & { exitCode: ExitCode }> {
  const alone = { waitMs: lockWaitMs };
  const { result, exitCode } = await runAsJob({ ...job, jobType: 'retention', alone }, async ({ signal, progress, log }) => {
    const outcome = await prune(job.database.knex, {
      ...options,
      signal,
      onProgress: (state) => {
        progress(Math.floor((95 * state.removed) / Math.max(1, state.goes, state.removed)), state.table);
        options.onProgress(state);
      },
      onProblem: (line) => {
        log('warning', line);
        options.onProblem(line);
      },
    });
    const removed = Object.fromEntries(outcome.tables.map((table) => [table.table, table.removed]));
    const summary = { removed, months: outcome.months, failed_originals: outcome.failedOriginals };
    return { result: outcome, exitCode: exitCodeOf(outcome, signal), summary };
  });
  return { ...result, exitCode };
}

function exitCodeOf({ failedOriginals, stopped }: PruneOutcome, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = failedOriginals > 0 ? [EXIT.someFailed] : [];
  if (stopped) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
