import type { Knex } from 'knex';

import type { JobAttemptStatus } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `job_attempts`, as stored. */
export type JobAttemptRow = {
  id: string;
  job_id: string;
  attempt_number: number;
  started_at: Date;
  ended_at: Date | null;
  status: JobAttemptStatus;
  /** Run id of the worker. */
  worker_id: string | null;
  error_message: string | null;
  error_traceback: string | null;
  result: unknown;
};

export type NewJobAttempt = { jobId: string; attemptNumber: number; workerId: string };

export async function insertJobAttempt(knex: Knex, attempt: NewJobAttempt): Promise<void> {
  await knex('job_attempts').insert({
    id: uuidV7(),
    job_id: attempt.jobId,
    attempt_number: attempt.attemptNumber,
    worker_id: attempt.workerId,
  });
}

export type JobAttemptEnd = {
  jobId: string;
  attemptNumber: number;
  status: Exclude<JobAttemptStatus, 'started'>;
  error?: { message: string; trace?: string | undefined };
  result?: unknown;
};

/** Closes an attempt that is open; one that is closed already stays as it is. */
export async function endJobAttempt(knex: Knex, end: JobAttemptEnd): Promise<void> {
  await knex('job_attempts')
    .where({ job_id: end.jobId, attempt_number: end.attemptNumber, status: 'started' })
    .update({
      status: end.status,
      ended_at: knex.raw('greatest(now(), started_at)'),
      error_message: end.error?.message ?? null,
      error_traceback: end.error?.trace ?? null,
      result: end.result === undefined ? null : JSON.stringify(end.result),
    });
}

export async function listJobAttempts(knex: Knex, jobId: string): Promise<JobAttemptRow[]> {
  return knex<JobAttemptRow>('job_attempts').where({ job_id: jobId }).orderBy('attempt_number');
}
