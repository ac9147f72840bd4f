import type { Knex } from 'knex';
import { findRun } from '../../db/models/runs.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { isUuid } from '../../lib/is-uuid.ts';
import { toRunRecord, type RunRecord } from './run-record.ts';

/** Throws a usage error when there is no such run. */
export async function showRun(knex: Knex, id: string): Promise<RunRecord> {
  const run = isUuid(id) ? await findRun(knex, id) : undefined;
  if (run !== undefined) return toRunRecord(run);
  throw new UsageError(`there is no run ${JSON.stringify(id)}`, { code: 'not_found', hint: 'hs runs list shows the ids' });
}
