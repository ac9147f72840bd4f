import type { Knex } from 'knex';
import { saveJobProgress, type JobRow } from '../db/models/jobs.ts';
import { updateProgress } from '../domain/job.ts';

type JobProgress = {
  report: (percent: number, step?: string) => void;
  /** Waits for what is being written and writes nothing more. */
  close: () => Promise<void>;
};

const SAVE_EVERY_MS = 1_000;

/** Writes the newest progress of a running job at most once a second; it never goes backwards. */
export function createJobProgress(knex: Knex, job: JobRow, saveEveryMs: number = SAVE_EVERY_MS): JobProgress {
  let state: Pick<JobRow, 'status' | 'progress_percent' | 'current_step'> = job;
  let isChanged = false;
  let underWay = Promise.resolve();
  const save = async (): Promise<void> => {
    if (!isChanged) return;
    isChanged = false;
    const { progress_percent, current_step } = state;
    // A lost database ends the run by its lock; a missed progress value is not worth an error of its own.
    await saveJobProgress(knex, job.id, { progress_percent, current_step }).catch(() => undefined);
  };
  const timer = setInterval(() => {
    underWay = underWay.then(save);
  }, saveEveryMs);
  timer.unref();
  return {
    report: (percent, step) => {
      const patch = updateProgress(state, percent, step?.replaceAll('\0', ''));
      if (patch === false) return;
      state = { ...state, ...patch };
      isChanged = true;
    },
    close: async () => {
      clearInterval(timer);
      await underWay;
    },
  };
}
