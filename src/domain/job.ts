import type { JobStatus } from './enums.ts';

/** The part of a job row that its life cycle decides about. Names as stored. */
export type JobState = {
  status: JobStatus;
  started_at: Date | null;
  completed_at: Date | null;
  progress_percent: number;
  current_step: string | null;
  result: unknown;
  error_message: string | null;
  error_traceback: string | null;
  attempt_number: number;
  max_attempts: number;
  /** Of a failed job that is tried again: not before this time. */
  next_retry_at: Date | null;
};

/** Columns to change; the caller stores them. */
export type JobPatch = Partial<JobState>;

const MAX_STEP_CHARACTERS = 255;
const MAX_FAILURE_CHARACTERS = 50;

/** A move that the life cycle does not have, such as completing a job that was never started. */
export class InvalidJobTransition extends Error {
  constructor(from: JobStatus, to: JobStatus) {
    super(`a ${from} job cannot become ${to}`);
    this.name = 'InvalidJobTransition';
  }
}

export function isActive(job: Pick<JobState, 'status'>): boolean {
  return job.status === 'queued' || job.status === 'running';
}

export function isFinished(job: Pick<JobState, 'status'>): boolean {
  return !isActive(job);
}

export function canRetry(job: Pick<JobState, 'status' | 'attempt_number' | 'max_attempts'>): boolean {
  return job.status === 'failed' && job.attempt_number < job.max_attempts;
}

/** Seconds from start to end; null unless both are known. */
export function durationSeconds(job: Pick<JobState, 'started_at' | 'completed_at'>): number | null {
  if (job.started_at === null || job.completed_at === null) return null;
  return (job.completed_at.getTime() - job.started_at.getTime()) / 1000;
}

/** Seconds of one attempt; null until it has ended. */
export function attemptDurationSeconds(attempt: { started_at: Date; ended_at: Date | null }): number | null {
  return attempt.ended_at === null ? null : (attempt.ended_at.getTime() - attempt.started_at.getTime()) / 1000;
}

export function startJob(job: Pick<JobState, 'status'>, now: Date): JobPatch {
  assertMove(job.status, 'queued', 'running');
  return { status: 'running', started_at: now };
}

/** `result` replaces the stored one only when given. */
export function completeJob(job: Pick<JobState, 'status'>, now: Date, result?: unknown): JobPatch {
  assertMove(job.status, 'running', 'completed');
  const patch: JobPatch = { status: 'completed', progress_percent: 100, completed_at: now, current_step: 'Completed' };
  return result === undefined ? patch : { ...patch, result };
}

export function failJob(job: Pick<JobState, 'status'>, now: Date, error: { message: string; trace?: string | undefined }): JobPatch {
  assertMove(job.status, 'running', 'failed');
  const characters = Array.from(error.message);
  const cut = characters.slice(0, MAX_FAILURE_CHARACTERS).join('');
  return {
    status: 'failed',
    completed_at: now,
    error_message: error.message,
    error_traceback: error.trace ?? null,
    current_step: `Failed: ${cut}${characters.length > MAX_FAILURE_CHARACTERS ? '...' : ''}`,
  };
}

/** False when the job is over already. */
export function cancelJob(job: Pick<JobState, 'status'>, now: Date): JobPatch | false {
  if (!isActive(job)) return false;
  return {
    status: 'cancelled',
    completed_at: now,
    current_step: 'Cancelled by user',
    error_message: 'Job cancelled by user request',
  };
}

/**
 * Progress of a running job, whole percent from 0 to 99: only completing writes 100. Never goes backwards within an attempt.
 * False when the job does not run.
 */
export function updateProgress(job: Pick<JobState, 'status' | 'progress_percent'>, percent: number, step?: string): JobPatch | false {
  if (job.status !== 'running' || Number.isNaN(percent)) return false;
  const progress = Math.max(job.progress_percent, toProgressPercent(percent));
  return step === undefined
    ? { progress_percent: progress }
    : { progress_percent: progress, current_step: Array.from(step).slice(0, MAX_STEP_CHARACTERS).join('') };
}

/** Clamps to a whole number from 0 to 99. */
export function toProgressPercent(percent: number): number {
  return Math.min(99, Math.max(0, Math.trunc(percent)));
}

/** Puts a failed job back into the queue for its next attempt; result and next_retry_at stay. False when it may not. */
export function prepareRetry(job: Pick<JobState, 'status' | 'attempt_number' | 'max_attempts'>): JobPatch | false {
  if (!canRetry(job)) return false;
  return {
    status: 'queued',
    attempt_number: job.attempt_number + 1,
    started_at: null,
    completed_at: null,
    error_message: null,
    error_traceback: null,
    current_step: null,
    progress_percent: 0,
  };
}

function assertMove(from: JobStatus, wanted: JobStatus, to: JobStatus): void {
  if (from !== wanted) throw new InvalidJobTransition(from, to);
}
