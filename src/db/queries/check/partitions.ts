import type { Knex } from 'knex';

import { PARTITIONS_KEY } from '../../lock-keys.ts';
import { finder, type FindBroken, type Repair } from './broken.ts';

const IS_MONTH = `c.relname ~ '^detections_y[0-9]{4}m(0[1-9]|1[0-2])$'`;
const MONTH = `CASE WHEN ${IS_MONTH} THEN make_timestamptz(substring(c.relname, 13, 4)::integer, substring(c.relname, 18, 2)::integer, 1, 0, 0, 0, 'UTC') END`;

const PARTITIONS = `
  SELECT c.relname, c.relispartition AS is_attached, pg_get_expr(c.relpartbound, c.oid) AS bound, ${MONTH} AS month
    FROM pg_class c LEFT JOIN pg_inherits i ON i.inhrelid = c.oid
   WHERE c.relkind IN ('r', 'p') AND c.relnamespace = current_schema()::regnamespace
     AND (i.inhparent = to_regclass('detections') OR NOT c.relispartition AND ${IS_MONTH})`;

export const findWrongPartitions = finder(`
  SELECT relname AS place,
         CASE WHEN NOT is_attached THEN 'is no partition of detections, so rows of its month have no place'
              WHEN bound = 'DEFAULT' THEN 'is a default partition'
              ELSE 'covers ' || bound END AS text
    FROM (${PARTITIONS}) p
   WHERE NOT is_attached OR month IS NULL OR bound IS DISTINCT FROM
         format('FOR VALUES FROM (%L) TO (%L)', month::timestamptz(0)::text, (month + interval '1 month')::text)`);

export const findRepeatedIds = finder(`
  SELECT format('detection %s', id) AS place, format('occurs %s times', count(*)) AS text FROM detections GROUP BY id HAVING count(*) > 1`);

/**
 * Months without a row whose end is further back from the newest footage than detections are kept. A month that the ledger
 * has files of is a quiet one, not a left-over.
 */
const LEFT_OVER = `
  SELECT p.relname, p.month FROM (${PARTITIONS}) p
   CROSS JOIN (SELECT max(coalesce(ended_at, captured_at)) AS newest FROM media_files) f
    LEFT JOIN LATERAL (SELECT true AS found FROM detections d
                        WHERE d.detected_at >= p.month AND d.detected_at < p.month + interval '1 month' LIMIT 1) d ON true
   WHERE p.is_attached AND p.month + interval '1 month' <= coalesce(f.newest, now()) - :days * interval '1 day' AND d.found IS NULL
     AND NOT EXISTS (SELECT FROM media_files m WHERE m.captured_at >= p.month AND m.captured_at < p.month + interval '1 month')`;

export function findEmptyPartitions(retentionDays: number): FindBroken {
  return finder(`SELECT relname AS place, 'holds no row' AS text FROM (${LEFT_OVER}) l`, { days: retentionDays });
}

export function dropEmptyPartitions(retentionDays: number): Repair {
  return async (trx) => {
    await trx.raw(`SET LOCAL lock_timeout = '10s'`);
    await trx.raw('SELECT pg_advisory_xact_lock(?)', [String(PARTITIONS_KEY)]);
    const { rows } = await trx.raw<{ rows: { relname: string }[] }>(LEFT_OVER, { days: retentionDays });
    let dropped = 0;
    for (const { relname } of rows) dropped += (await dropIfEmpty(trx, relname)) ? 1 : 0;
    return dropped;
  };
}

/** Looks again under the lock that keeps writers out. */
async function dropIfEmpty(trx: Knex.Transaction, partition: string): Promise<boolean> {
  await trx.raw('LOCK TABLE ?? IN ACCESS EXCLUSIVE MODE', [partition]);
  const { rows } = await trx.raw<{ rows: object[] }>('SELECT FROM ?? LIMIT 1', [partition]);
  if (rows.length > 0) return false;
  await trx.raw('ALTER TABLE detections DETACH PARTITION ??', [partition]);
  await trx.raw('DROP TABLE ??', [partition]);
  return true;
}
