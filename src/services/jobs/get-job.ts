import type { Knex } from 'knex';
import { findJob, type JobRow } from '../../db/models/jobs.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { isUuid } from '../../lib/is-uuid.ts';

/** Throws a usage error when there is no such job. */
export async function getJob(knex: Knex, id: string): Promise<JobRow> {
  const job = isUuid(id) ? await findJob(knex, id) : undefined;
  if (job !== undefined) return job;
  throw noJob(id);
}

export function noJob(id: string): UsageError {
  return new UsageError(`there is no job ${JSON.stringify(id)}`, { code: 'not_found', hint: 'hs jobs list shows the ids' });
}
