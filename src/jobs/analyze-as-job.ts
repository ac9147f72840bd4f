import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { analyzeEvents } from '../services/analysis/analyze-events.ts';
import type { AnalyzeOptions, AnalyzeOutcome } from '../services/analysis/analyze-run.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type AnalyzeAsJobOptions = Omit<AnalyzeOptions, 'runId'> &
  Pick<RunAsJobOptions, 'database' | 'version' | 'settingsFingerprint' | 'args' | 'logLevel'>;

export type AnalyzeJobOutcome = AnalyzeOutcome & { exitCode: ExitCode };

/** Scores stored events with the records of a job around it; what would change is found out without them. */
export async function analyzeAsJob(options: AnalyzeAsJobOptions): Promise<AnalyzeJobOutcome> {
  const { knex } = options.database;
  if (options.dryRun) {
    const outcome = await analyzeEvents(knex, { ...options, runId: '' });
    return { ...outcome, exitCode: exitCodeOf(outcome, options.signal) };
  }
  const { result, exitCode } = await runAsJob({ ...options, jobType: 'ai_analysis', command: 'analyze' }, async (context) => {
    const outcome = await analyzeEvents(knex, {
      ...options,
      runId: context.runId,
      signal: context.signal,
      onProgress: (progress) => {
        const { done, total } = progress;
        context.progress(Math.floor((100 * done) / Math.max(1, total)), `${String(done)} of ${String(total)} events`);
        options.onProgress(progress);
      },
    });
    const { differences, ...counts } = outcome;
    return { result: outcome, exitCode: exitCodeOf(outcome, context.signal), summary: { ...counts, differences: differences.length } };
  });
  return { ...result, exitCode };
}

function exitCodeOf({ stoppedBy, failed }: AnalyzeOutcome, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = [];
  if (failed > 0) codes.push(EXIT.temporary);
  if (stoppedBy === 'deadline' || stoppedBy === 'limit') codes.push(EXIT.limitReached);
  if (signal.aborted) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
