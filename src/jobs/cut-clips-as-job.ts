import { EXIT, mostTellingExitCode, type ExitCode } from '../errors/exit-codes.ts';
import { toErrorReport } from '../errors/to-error-report.ts';
import type { EventClip } from '../services/clips/event-clip.ts';
import { checkClipOrder, cutEventClips, type ClipProgress, type CutClipsOptions } from '../services/clips/cut-event-clips.ts';
import { runAsJob, type RunAsJobOptions } from './run-as-job.ts';

export type CutClipsAsJobOptions = {
  job: Omit<RunAsJobOptions, 'jobType'>;
  order: Omit<CutClipsOptions, 'signal' | 'onFailure' | 'onProgress'>;
  /** Takes the clips as they are made. */
  show: (clips: AsyncIterable<EventClip>) => Promise<unknown>;
  onFailure: CutClipsOptions['onFailure'];
  onProgress: (progress: ClipProgress) => void;
};

/** Cuts clips of events with the records of a job around it; a stop request ends it after the clip at work. */
export async function cutClipsAsJob({ job, order, show, onFailure, onProgress }: CutClipsAsJobOptions): Promise<ExitCode> {
  const { knex } = job.database;
  // An event that is not there is the user's error, not a failed job.
  await checkClipOrder(knex, order);
  const { exitCode } = await runAsJob({ ...job, jobType: 'clips' }, async ({ signal, log, progress }) => {
    const tally = { copy: 0, encode: 0, kept: 0, failed: 0 };
    const clips = cutEventClips(knex, {
      ...order,
      signal,
      onFailure: (failure) => {
        tally.failed += 1;
        log('warning', `event ${String(failure.eventId)}: ${failure.message}`);
        onFailure(failure);
      },
      onProgress: (reached) => {
        progress(
          Math.floor((100 * reached.done) / Math.max(1, reached.total)),
          `${String(reached.done)} of ${String(reached.total)} clips`,
        );
        onProgress(reached);
      },
    });
    await show(counted(clips, tally));
    return { result: tally, exitCode: exitCodeOf(tally.failed, signal), summary: tally };
  });
  return exitCode;
}

async function* counted(clips: AsyncIterable<EventClip>, tally: Record<EventClip['mode'], number>): AsyncGenerator<EventClip> {
  for await (const clip of clips) {
    tally[clip.mode] += 1;
    yield clip;
  }
}

function exitCodeOf(failed: number, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = failed > 0 ? [EXIT.someFailed] : [];
  if (signal.aborted) codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
