import type { Knex } from 'knex';

import { groupBy } from '../../lib/group-by.ts';
import type { JobTransitionRow } from '../models/job-transitions.ts';
import type { JobRow } from '../models/jobs.ts';

export async function countJobs(knex: Knex): Promise<number> {
  const [row] = await knex('jobs').count<{ jobs: number }[]>({ jobs: '*' });
  return row?.jobs ?? 0;
}

export type JobHistory = { job: Pick<JobRow, 'id' | 'created_at'>; transitions: JobTransitionRow[] };

/** Jobs with their status changes, oldest first; ids without a job are left out. */
export async function findJobHistories(knex: Knex, ids: readonly string[]): Promise<JobHistory[]> {
  const jobs = await knex<JobRow>('jobs')
    .whereIn('id', [...ids])
    .select('id', 'created_at');
  const transitions = await knex<JobTransitionRow>('job_transitions')
    .whereIn('job_id', [...ids])
    .orderBy(['transitioned_at', 'id']);
  const byJob = groupBy(transitions, (transition) => transition.job_id);
  return jobs.map((job) => ({ job, transitions: byJob.get(job.id) ?? [] }));
}
