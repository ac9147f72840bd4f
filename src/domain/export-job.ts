import type { ExportJobStatus } from './enums.ts';

type Timed = { started_at: Date | null; completed_at: Date | null };

/** Over, well or not. */
export function isComplete(job: { status: ExportJobStatus }): boolean {
  return job.status === 'completed' || job.status === 'failed';
}

export function isRunning(job: { status: ExportJobStatus }): boolean {
  return job.status === 'running';
}

/** Null when it has not started; until now while it is not over. */
export function durationSeconds(job: Timed, now: Date): number | null {
  return job.started_at === null ? null : ((job.completed_at ?? now).getTime() - job.started_at.getTime()) / 1000;
}
