import type { Knex } from 'knex';
import { listJobs as listRows, type JobSort } from '../../db/models/jobs.ts';
import { JOB_STATUSES, type JobStatus } from '../../domain/enums.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { resolveWallSpan, type WallSpan } from '../lists/resolve-wall-span.ts';
import { toJobRecord, type JobRecord } from './job-record.ts';

export const JOB_SORT_FIELDS = [
  'created_at',
  'started_at',
  'completed_at',
  'priority',
  'job_type',
  'status',
] as const satisfies readonly JobSort['column'][];

export type ListJobsOptions = {
  /** When the jobs were created. */
  span: WallSpan;
  statuses?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  sort: { field: (typeof JOB_SORT_FIELDS)[number]; descending: boolean };
  /** 0: all. */
  limit: number;
};

/** Throws a usage error for a status that does not exist and a time that is none. */
export async function listJobs(knex: Knex, options: ListJobsOptions): Promise<JobRecord[]> {
  const { span, statuses, types, sort, limit } = options;
  const rows = await listRows(knex, {
    filters: {
      ...(await resolveWallSpan(knex, span)),
      ...(statuses === undefined ? {} : { status: statuses.map(toJobStatus) }),
      ...(types === undefined ? {} : { jobType: types }),
    },
    sort: { column: sort.field, order: sort.descending ? 'desc' : 'asc' },
    ...(limit === 0 ? {} : { limit }),
  });
  return rows.map(toJobRecord);
}

function toJobStatus(text: string): JobStatus {
  const status = JOB_STATUSES.find((known) => known === text.toLowerCase());
  if (status !== undefined) return status;
  throw new UsageError(`--status ${JSON.stringify(text)} is not a status of a job`, { hint: `use one of ${JOB_STATUSES.join(', ')}` });
}
