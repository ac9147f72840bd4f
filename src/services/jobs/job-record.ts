import type { JobRow } from '../../db/models/jobs.ts';
import { durationSeconds } from '../../domain/job.ts';

/** Columns of `hs jobs list` in their order; new ones are only ever added at the end. */
export const JOB_COLUMNS = [
  'id',
  'job_type',
  'status',
  'progress_percent',
  'current_step',
  'attempt_number',
  'created_at',
  'duration_s',
  'started_at',
  'completed_at',
  'error_message',
  'max_attempts',
  'priority',
  'queue_name',
  'next_retry_at',
] as const;

export type JobColumn = (typeof JOB_COLUMNS)[number];

export const JOB_LIST_COLUMNS = JOB_COLUMNS.slice(0, JOB_COLUMNS.indexOf('duration_s') + 1);

export type JobRecord = Readonly<Record<JobColumn, string | number | Date | null>>;

export function toJobRecord(row: JobRow): JobRecord {
  return {
    id: row.id,
    job_type: row.job_type,
    status: row.status,
    progress_percent: row.progress_percent,
    current_step: row.current_step,
    attempt_number: row.attempt_number,
    created_at: row.created_at,
    duration_s: durationSeconds(row),
    started_at: row.started_at,
    completed_at: row.completed_at,
    error_message: row.error_message,
    max_attempts: row.max_attempts,
    priority: row.priority,
    queue_name: row.queue_name,
    next_retry_at: row.next_retry_at,
  };
}
