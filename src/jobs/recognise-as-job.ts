import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { recognise, type RecogniseOptions, type RecogniseOutcome } from '../services/entities/recognise.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type RecogniseAsJobOptions = RecogniseOptions &
  Pick<RunAsJobOptions, 'database' | 'version' | 'settingsFingerprint' | 'args' | 'logLevel' | 'adopts'>;

/** Recognises people and vehicles with the records of a job around it. */
export async function recogniseAsJob(options: RecogniseAsJobOptions): Promise<RecogniseOutcome & { exitCode: ExitCode }> {
  const job = { ...options, jobType: 'entities', command: options.anew ? 'entities rebuild' : 'entities update' };
  const { result, exitCode } = await runAsJob(job, async (context) => {
    const outcome = await recognise(options.database.knex, {
      ...options,
      signal: context.signal,
      onProblem: (problem) => {
        context.log('warning', `${problem.path}: (${problem.code}) ${problem.message}`, { code: problem.code, path: problem.path });
        options.onProblem?.(problem);
      },
      onProgress: (tally) => {
        context.progress(0, `${String(tally.tracks)} tracks, ${String(tally.crops)} crops`);
        options.onProgress?.(tally);
      },
    });
    const code = mostTellingExitCode(outcome.failed_files > 0 ? [EXIT.someFailed] : []);
    return { result: outcome, exitCode: code, summary: outcome };
  });
  return { ...result, exitCode };
}
