import type { Knex } from 'knex';

import type { JobStatus, JobTransitionTrigger } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `job_transitions`, as stored. */
export type JobTransitionRow = {
  id: string;
  job_id: string;
  from_status: JobStatus;
  to_status: JobStatus;
  transitioned_at: Date;
  triggered_by: JobTransitionTrigger;
  /** JSON as text. */
  metadata_json: string | null;
};

export type NewTransition = { jobId: string; from: JobStatus; to: JobStatus; by: JobTransitionTrigger; metadata?: unknown };

/** One row per status change, in the same transaction as the change; creating a job is none. */
export async function recordTransition(trx: Knex.Transaction, transition: NewTransition): Promise<void> {
  await trx('job_transitions').insert({
    id: uuidV7(),
    job_id: transition.jobId,
    from_status: transition.from,
    to_status: transition.to,
    triggered_by: transition.by,
    metadata_json: transition.metadata === undefined ? null : JSON.stringify(transition.metadata),
  });
}

export async function listTransitions(knex: Knex, jobId: string): Promise<JobTransitionRow[]> {
  return knex<JobTransitionRow>('job_transitions').where({ job_id: jobId }).orderBy(['transitioned_at', 'id']);
}
