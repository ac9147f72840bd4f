import type { Knex } from 'knex';

import { limitBindings, LIMITS, type CameraLimit } from './limits.ts';

/** Tables whose rows age by the wall clock: the column that says when, and which rows are over at all. */
const TIMED = {
  gpu_stats: { at: 'recorded_at', isOver: 'true' },
  jobs: { at: 'completed_at', isOver: `status IN ('completed', 'failed', 'cancelled') AND next_retry_at IS NULL` },
  export_jobs: { at: 'completed_at', isOver: `status IN ('completed', 'failed')` },
  logs: { at: 'timestamp', isOver: 'true' },
} as const;

export type TimedTable = keyof typeof TIMED;

export type TimedCount = { rows: number; over_age: number };

/** Null: nothing is over age. */
export async function countTimedRows(knex: Knex, table: TimedTable, before: Date | null): Promise<TimedCount> {
  const { at, isOver } = TIMED[table];
  const { rows } = await knex.raw<{ rows: [TimedCount] }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ?? < ? AND ${isOver}) AS over_age FROM ??`,
    [at, before ?? '-infinity', table],
  );
  return rows[0];
}

/** Deletes the oldest rows over age, with what hangs on them; returns how many. */
export async function deleteTimedRows(knex: Knex, table: TimedTable, { before, limit }: { before: Date; limit: number }): Promise<number> {
  const { at, isOver } = TIMED[table];
  const oldest = knex(table).select('id').where(at, '<', before).whereRaw(isOver).orderBy(at).limit(limit);
  return knex(table).whereIn('id', oldest).delete();
}

export async function countActivityHours(knex: Knex, limits: readonly CameraLimit[]): Promise<TimedCount> {
  const { rows } = await knex.raw<{ rows: [TimedCount] }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE h.started_at < l.before) AS over_age FROM activity_hours h LEFT JOIN ${LIMITS} USING (camera_id)`,
    limitBindings(limits),
  );
  return rows[0];
}

/** Deletes hours of a camera that begin before the limit; returns how many. */
export async function deleteExpiredHours(trx: Knex.Transaction, { cameraId, before }: CameraLimit, limit: number): Promise<number> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `DELETE FROM activity_hours h USING (
       SELECT local_date, hour, fold FROM activity_hours WHERE camera_id = :cameraId AND started_at < :before ORDER BY started_at LIMIT :limit) AS o
      WHERE h.camera_id = :cameraId AND h.local_date = o.local_date AND h.hour = o.hour AND h.fold = o.fold`,
    { cameraId, before, limit },
  );
  return rowCount;
}

/** Bytes of tables with their indexes. */
export async function relationBytes(knex: Knex, tables: readonly string[]): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ bytes: number }] }>(
    'SELECT coalesce(sum(pg_total_relation_size(to_regclass(quote_ident(t)))), 0)::bigint AS bytes FROM unnest(?::text[]) AS t',
    [[...tables]],
  );
  return rows[0].bytes;
}
