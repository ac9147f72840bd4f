import type { Knex } from 'knex';

import type { ChainCut } from '../audit-chain.ts';
import type { TimedCount } from './timed-rows.ts';

/**
 * Place of the first audit row that stays. Only what is before every row to be kept goes, so that the rest is one chain; rows of long
 * transactions are older than their place. The newest row always stays: the next one is sealed to it.
 */
const FIRST_KEPT = `(SELECT coalesce(min(sequence) FILTER (WHERE timestamp >= :before), max(sequence)) AS place FROM audit_logs)`;

/** Null: nothing is over age. */
export async function countAuditRows(knex: Knex, before: Date | null): Promise<TimedCount> {
  const { rows } = await knex.raw<{ rows: [TimedCount] }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE sequence < first.place) AS over_age FROM audit_logs, ${FIRST_KEPT} AS first`,
    { before: before ?? '-infinity' },
  );
  return rows[0];
}

/** Deletes audit rows from the begin of the chain; returns how many and the last of them, undefined when none is over age. */
export async function deleteAuditRows(trx: Knex.Transaction, limits: { before: Date; limit: number }): Promise<ChainCut | undefined> {
  const { rows } = await trx.raw<{ rows: { sequence: number; hash: string; removed: number }[] }>(
    `WITH gone AS (
       DELETE FROM audit_logs WHERE sequence IN (
         SELECT sequence FROM audit_logs WHERE sequence < (SELECT place FROM ${FIRST_KEPT} AS first) ORDER BY sequence LIMIT :limit)
       RETURNING sequence, hash)
     SELECT sequence, hash, count(*) OVER () AS removed FROM gone ORDER BY sequence DESC LIMIT 1`,
    limits,
  );
  const [last] = rows;
  return last && { removed: last.removed, through: { sequence: last.sequence, hash: last.hash } };
}
