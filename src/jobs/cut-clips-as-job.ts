import type { ExitCode } from '../errors/exit-codes.ts';
import type { EventClip } from '../services/clips/event-clip.ts';
import { checkClipOrder, cutEventClips, type CutClipsOptions } from '../services/clips/cut-event-clips.ts';
import { makeAsJob, type MakeAsJobOptions, type MakingHooks } from './make-as-job.ts';
import type { RunAsJobOptions } from './run-as-job.ts';

export type CutClipsAsJobOptions = Pick<MakeAsJobOptions<EventClip>, 'show' | 'onFailure' | 'onProgress'> & {
  job: Omit<RunAsJobOptions, 'jobType'>;
  order: Omit<CutClipsOptions, keyof MakingHooks>;
};

/** Cuts clips of events with the records of a job around it. */
export async function cutClipsAsJob({ job, order, ...options }: CutClipsAsJobOptions): Promise<ExitCode> {
  const { knex } = job.database;
  // An event that is not there is the user's error, not a failed job.
  await checkClipOrder(knex, order);
  return makeAsJob({
    ...options,
    job: { ...job, jobType: 'clips' },
    make: (hooks) => cutEventClips(knex, { ...order, ...hooks }),
    kindOf: ({ mode }) => mode,
  });
}
