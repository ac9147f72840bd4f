import type { Knex } from 'knex';

import type { Severity } from '../../domain/enums.ts';
import { levelTable } from '../../domain/level-table.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';

/** How many events go from one level to another. */
export type LevelChange = { from: Severity; to: Severity; events: number };

/** By score: PostgreSQL counts from 1. */
const LEVEL = '(CAST(:levels AS text[]))[e.risk_score + 1]';

/** What stored levels would become with other thresholds; levels that stay are left out. */
export async function countLevelChanges(knex: Knex, thresholds: RiskThresholds): Promise<LevelChange[]> {
  const { rows } = await knex.raw<{ rows: LevelChange[] }>(
    `SELECT e.risk_level AS "from", ${LEVEL} AS "to", count(*) AS events
       FROM events e WHERE e.risk_level <> ${LEVEL} GROUP BY 1, 2 ORDER BY min(e.risk_score), 1`,
    { levels: levelTable(thresholds).levels },
  );
  return rows;
}

type SliceOptions = { thresholds: RiskThresholds; afterId: number; limit: number };

/**
 * Writes the levels of the next events whose score means another one; scores stay. Events that somebody else works on are left out.
 * Returns their ids with both levels, by id.
 */
export async function rewriteLevels(
  trx: Knex.Transaction,
  { thresholds, afterId, limit }: SliceOptions,
): Promise<{ id: number; from: Severity; to: Severity }[]> {
  const { rows } = await trx.raw<{ rows: { id: number; from: Severity; to: Severity }[] }>(
    `WITH due AS (
       SELECT e.id, e.risk_level, ${LEVEL} AS level FROM events e
        WHERE e.id > :afterId AND e.risk_level <> ${LEVEL} ORDER BY e.id LIMIT :limit FOR NO KEY UPDATE OF e SKIP LOCKED),
     changed AS (
       UPDATE events e SET risk_level = due.level, version = e.version + 1 FROM due WHERE e.id = due.id
       RETURNING e.id, due.risk_level, due.level)
     SELECT id, risk_level AS "from", level AS "to" FROM changed ORDER BY id`,
    { levels: levelTable(thresholds).levels, afterId, limit },
  );
  return rows;
}
