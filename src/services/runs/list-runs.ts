import type { Knex } from 'knex';
import { listRuns as listRows, type RunSort } from '../../db/models/runs.ts';
import { resolveWallSpan, type WallSpan } from '../lists/resolve-wall-span.ts';
import { toRunRecord, type RunRecord } from './run-record.ts';

/** What `--sort` takes. */
export { RUN_SORT_FIELDS } from '../../db/models/runs.ts';

export type ListRunsOptions = {
  /** When the runs were started. */
  span: WallSpan;
  commands?: readonly string[] | undefined;
  /** Only runs that have not ended. */
  open: boolean;
  sort: RunSort;
  /** 0: all. */
  limit: number;
};

/** What each invocation that wrote data used and how it ended. Throws a usage error for a time that is none. */
export async function listRuns(knex: Knex, { span, commands, open, sort, limit }: ListRunsOptions): Promise<RunRecord[]> {
  const rows = await listRows(knex, {
    ...(await resolveWallSpan(knex, span)),
    open,
    sort,
    ...(commands === undefined ? {} : { commands }),
    ...(limit === 0 ? {} : { limit }),
  });
  return rows.map(toRunRecord);
}
