import type { Knex } from 'knex';
import { listRuns as listRows } from '../../db/models/runs.ts';
import { toRunRecord, type RunRecord } from './run-record.ts';

export type ListRunsOptions = {
  commands?: readonly string[] | undefined;
  /** Only runs that have not ended. */
  open: boolean;
  /** 0: all. */
  limit: number;
};

/** What each invocation that wrote data used and how it ended, newest first. */
export async function listRuns(knex: Knex, { commands, open, limit }: ListRunsOptions): Promise<RunRecord[]> {
  const rows = await listRows(knex, { open, ...(commands === undefined ? {} : { commands }), ...(limit === 0 ? {} : { limit }) });
  return rows.map(toRunRecord);
}
