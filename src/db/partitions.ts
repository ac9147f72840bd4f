import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';

import { TemporaryError } from '../errors/hs-error.ts';

const LOCK_TIMEOUT = '10s';
const TRIES = 6;
/** lock_not_available, deadlock_detected */
const RETRIED = new Set(['55P03', '40P01']);

/**
 * Creates the monthly partitions of `detections` that rows at these instants need; returns the names of those created. Call it
 * before the writing transaction opens, never inside one: it locks tables that a writer holds. Cheap where all are there; who writes for long asks
 * each time, as months are dropped meanwhile.
 */
export async function ensureDetectionPartitions(knex: Knex, instants: readonly Date[]): Promise<string[]> {
  const created: string[] = [];
  for (const month of await findMissing(knex, monthsOf(instants))) {
    const name = await ensurePartition(knex, month);
    if (name !== null) created.push(name);
  }
  return created;
}

async function findMissing(knex: Knex, months: readonly Date[]): Promise<Date[]> {
  if (months.length === 0) return [];
  const { rows } = await knex.raw<{ rows: { month: Date }[] }>(
    `SELECT month FROM unnest(?::timestamptz[]) WITH ORDINALITY AS m (month, place)
      WHERE to_regclass(to_char(month AT TIME ZONE 'UTC', '"detections_y"YYYY"m"MM')) IS NULL ORDER BY place`,
    [[...months]],
  );
  return rows.map(({ month }) => month);
}

/** First instants of the UTC months, ascending, each once. */
function monthsOf(instants: readonly Date[]): Date[] {
  const months = new Set(instants.map((at) => Date.UTC(at.getUTCFullYear(), at.getUTCMonth())));
  return [...months].sort((a, b) => a - b).map((ms) => new Date(ms));
}

async function ensurePartition(knex: Knex, month: Date): Promise<string | null> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await createIfMissing(knex, month);
    } catch (error) {
      if (!RETRIED.has((error as { code?: string }).code ?? '')) throw error;
      if (attempt === TRIES) throw busy(month, error);
      await sleep(100 * attempt * (1 + Math.random()));
    }
  }
}

async function createIfMissing(knex: Knex, month: Date): Promise<string | null> {
  return knex.transaction(async (trx) => {
    await trx.raw(`SET LOCAL lock_timeout = '${LOCK_TIMEOUT}'`);
    const { rows } = await trx.raw<{ rows: { name: string | null }[] }>('SELECT ensure_detections_partition(?) AS name', [month]);
    return rows[0]?.name ?? null;
  });
}

function busy(month: Date, cause: unknown): TemporaryError {
  const text = month.toISOString().slice(0, 7);
  return new TemporaryError('partition_busy', `the table for detections of ${text} could not be created: others hold the tables`, {
    hint: 'try again when other commands are done',
    cause,
  });
}
