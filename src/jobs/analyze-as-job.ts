import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { UsageError } from '../errors/hs-error.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import { rateAndTell, type AlertsOfRun } from '../services/alerts/rate-and-tell.ts';
import { analyzeEvents } from '../services/analysis/analyze-events.ts';
import type { AnalyzeOptions, AnalyzeOutcome } from '../services/analysis/analyze-run.ts';
import { openEventJudge } from '../services/analysis/ask-model.ts';
import type { JudgeSettings } from '../services/llm/open-judge.ts';
import { hasLlm } from '../services/llm/open-llm.ts';
import type { NotificationSettings } from '../services/notifications/notification-settings.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type AnalyzeAsJobOptions = Omit<AnalyzeOptions, 'runId' | 'judge' | 'judgesAtOnce' | 'settings'> & {
  settings: AnalyzeOptions['settings'] & JudgeSettings & NotificationSettings;
  /** Whether a model is asked; undefined: where one is set up. */
  asksModel: boolean | undefined;
  warn: (message: string) => void;
} & Pick<RunAsJobOptions, 'database' | 'version' | 'settingsFingerprint' | 'args' | 'logLevel' | 'adopts'>;

export type AnalyzeJobOutcome = AnalyzeOutcome & { alerts: AlertsOfRun | undefined; exitCode: ExitCode };

/** Scores stored events, and raises and tells of their alerts, with the records of a job around it; what would change is found out without them. */
export async function analyzeAsJob(options: AnalyzeAsJobOptions): Promise<AnalyzeJobOutcome> {
  const { database, settings, dryRun } = options;
  const { knex } = database;
  if (dryRun && options.asksModel === true) throw new UsageError('--dry-run asks no language model', { hint: 'leave out --llm' });
  if (dryRun) {
    const outcome = await analyzeEvents(knex, { ...options, runId: '' });
    return { ...outcome, alerts: undefined, exitCode: exitCodeOf(outcome, options.signal) };
  }
  const { result, exitCode } = await runAsJob({ ...options, jobType: 'ai_analysis', command: 'analyze' }, async (context) => {
    const { signal } = context;
    const judge = await judgeOf(options, signal, (message) => {
      context.log('warning', message);
      options.warn(message);
    });
    const analyze = () =>
      analyzeEvents(knex, {
        ...options,
        ...judge,
        runId: context.runId,
        signal,
        onProgress: (progress) => {
          const { done, total } = progress;
          context.progress(Math.floor((95 * done) / Math.max(1, total)), `${String(done)} of ${String(total)} events`);
          options.onProgress(progress);
        },
      });
    const { result: judged, alerts } = await rateAndTell(database, { settings, signal }, analyze);
    const outcome = { ...judged, alerts };
    const { differences, ...counts } = outcome;
    return { result: outcome, exitCode: exitCodeOf(outcome, signal), summary: { ...counts, differences: differences.length } };
  });
  return { ...result, exitCode };
}

async function judgeOf({ database, settings, asksModel }: AnalyzeAsJobOptions, signal: AbortSignal, warn: (message: string) => void) {
  if (!(asksModel ?? hasLlm(settings.llm))) return {};
  return { judge: await openEventJudge(database.knex, { settings, signal, warn }), judgesAtOnce: settings.llm.concurrency };
}

function exitCodeOf({ stoppedBy, failed, alerts }: AnalyzeOutcome & { alerts?: AlertsOfRun }, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = [];
  if (failed > 0 || (alerts?.told?.failed ?? 0) > 0) codes.push(EXIT.temporary);
  if (stoppedBy === 'deadline' || stoppedBy === 'limit') codes.push(EXIT.limitReached);
  if (signal.aborted) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
