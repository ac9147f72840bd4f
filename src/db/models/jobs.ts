import type { Knex } from 'knex';

import type { JobStatus, JobTransitionTrigger } from '../../domain/enums.ts';
import { InvalidJobTransition, type JobPatch, type JobState } from '../../domain/job.ts';
import { recordTransition } from './job-transitions.ts';

/** One row of `jobs`, as stored. */
export type JobRow = JobState & {
  id: string;
  job_type: string;
  queue_name: string | null;
  /** 0 highest … 4 lowest. */
  priority: number;
  created_at: Date;
  payload: unknown;
  /** Names the work of a job that is left to workers. */
  natural_key: string | null;
  cancel_requested_at: Date | null;
};

export type NewJob = Pick<JobRow, 'id' | 'job_type'> & Partial<Pick<JobRow, 'queue_name' | 'priority' | 'max_attempts' | 'payload'>>;

export async function insertJob(knex: Knex, job: NewJob): Promise<JobRow> {
  const [row] = await knex('jobs').insert(toColumns(job)).returning<JobRow[]>('*');
  if (row === undefined) throw new Error('the job was not inserted');
  return row;
}

export async function findJob(knex: Knex, id: string): Promise<JobRow | undefined> {
  return knex<JobRow>('jobs').where({ id }).first();
}

/** Locks the row until the transaction ends, so that two processes cannot move the job at once. */
export async function findJobForUpdate(trx: Knex.Transaction, id: string): Promise<JobRow | undefined> {
  return trx<JobRow>('jobs').where({ id }).forUpdate().first();
}

export type JobFilters = { status?: readonly JobStatus[]; jobType?: readonly string[]; since?: Date; until?: Date };
export type JobSort = { column: 'created_at' | 'started_at' | 'completed_at' | 'priority' | 'job_type' | 'status'; order: 'asc' | 'desc' };
export type ListJobsOptions = { filters?: JobFilters; sort?: JobSort; limit?: number };

/** Newest first unless sorted otherwise. `since` and `until` are about creation, `until` excluded. */
export async function listJobs(knex: Knex, options: ListJobsOptions = {}): Promise<JobRow[]> {
  const { filters = {}, sort = { column: 'created_at', order: 'desc' } } = options;
  const query = knex<JobRow>('jobs').select('*');
  if (filters.status !== undefined) void query.whereIn('status', [...filters.status]);
  if (filters.jobType !== undefined) void query.whereIn('job_type', [...filters.jobType]);
  if (filters.since !== undefined) void query.where('created_at', '>=', filters.since);
  if (filters.until !== undefined) void query.where('created_at', '<', filters.until);
  if (options.limit !== undefined) void query.limit(options.limit);
  void query.orderBy([
    { column: sort.column, order: sort.order, nulls: 'last' },
    { column: 'id', order: sort.order },
  ]);
  return query;
}

export type JobMove = { job: Pick<JobRow, 'id' | 'status'>; patch: JobPatch; by: JobTransitionTrigger; metadata?: unknown };

/**
 * Stores what a function of `domain/job.ts` decided, with the transition row beside it when the status changes. Throws
 * InvalidJobTransition when the job has another status by now.
 */
export async function saveJobMove(trx: Knex.Transaction, move: JobMove): Promise<JobRow> {
  const { job, patch } = move;
  const [row] = await trx('jobs').where({ id: job.id, status: job.status }).update(toColumns(patch)).returning<JobRow[]>('*');
  if (row === undefined) throw new InvalidJobTransition(job.status, patch.status ?? job.status);
  if (row.status !== job.status) {
    await recordTransition(trx, { jobId: job.id, from: job.status, to: row.status, by: move.by, metadata: move.metadata });
  }
  return row;
}

/** Progress of a running job; changes nothing once it is over. */
export async function saveJobProgress(knex: Knex, id: string, patch: JobPatch): Promise<void> {
  await knex('jobs').where({ id, status: 'running' }).update(toColumns(patch));
}

function toColumns(job: Partial<JobRow>): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...job };
  for (const name of ['result', 'payload']) {
    if (columns[name] !== undefined && columns[name] !== null) columns[name] = JSON.stringify(columns[name]);
  }
  return columns;
}
