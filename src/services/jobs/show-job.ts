import type { Knex } from 'knex';
import { listJobAttempts } from '../../db/models/job-attempts.ts';
import { listTransitions } from '../../db/models/job-transitions.ts';
import { attemptDurationSeconds } from '../../domain/job.ts';
import { getJob } from './get-job.ts';
import { toJobRecord, type JobRecord } from './job-record.ts';

export type JobDetails = JobRecord & {
  /** Who left it to workers, or made the schedule; null where nobody did. */
  requested_by: string | null;
  result: object | null;
  error_traceback: string | null;
  attempts: object[];
  transitions: object[];
};

/** A job with its attempts and status changes. Throws a usage error when there is no such job. */
export async function showJob(knex: Knex, id: string): Promise<JobDetails> {
  const job = await getJob(knex, id);
  const attempts = await listJobAttempts(knex, job.id);
  const transitions = await listTransitions(knex, job.id);
  return {
    ...toJobRecord(job),
    requested_by: orderedBy(job.payload),
    result: job.result as object | null,
    error_traceback: job.error_traceback,
    attempts: attempts.map((attempt) => ({
      attempt_number: attempt.attempt_number,
      status: attempt.status,
      started_at: attempt.started_at,
      ended_at: attempt.ended_at,
      duration_s: attemptDurationSeconds(attempt),
      run_id: attempt.worker_id,
      error_message: attempt.error_message,
    })),
    transitions: transitions.map((transition) => ({
      from: transition.from_status,
      to: transition.to_status,
      at: transition.transitioned_at,
      by: transition.triggered_by,
    })),
  };
}

function orderedBy(payload: unknown): string | null {
  const { actor, request } = (payload ?? {}) as { actor?: string; request?: { actor?: string } };
  return actor ?? request?.actor ?? null;
}
