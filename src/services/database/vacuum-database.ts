import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { analyseDetections } from '../../db/models/derivation.ts';
import { listVacuumTargets, tableBytes, vacuumTable, type VacuumTarget } from '../../db/vacuum.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import { UsageError } from '../../errors/hs-error.ts';

export type VacuumOptions = {
  /** Writes every table anew; nobody can use it meanwhile. */
  full: boolean;
  confirmed: boolean;
  /** Between two tables the work can stop. */
  signal: AbortSignal;
};

/** In their order; new ones are only ever added at the end. */
export const VACUUM_COLUMNS = ['table', 'done', 'bytes_before', 'bytes_after', 'freed_bytes', 'duration_ms'] as const;

export type VacuumRecord = Readonly<Record<(typeof VACUUM_COLUMNS)[number], string | number>>;

/**
 * Cleans up after deleted rows and refreshes the planner's numbers, table by table, as they come. Throws UsageError for a full one
 * without confirmation, LockedError for a full one while a run writes.
 */
export async function vacuumDatabase(database: Database, options: VacuumOptions): Promise<VacuumRecord[]> {
  if (!options.full) return vacuumAll(database.knex, options);
  if (!options.confirmed) {
    throw new UsageError('a full vacuum writes every table anew, and nobody can use them meanwhile', {
      code: 'not_confirmed',
      hint: 'give --yes to do it; it needs as much free disk as the largest table has',
    });
  }
  return withoutWriters(database, () => vacuumAll(database.knex, options));
}

async function vacuumAll(knex: Knex, options: VacuumOptions): Promise<VacuumRecord[]> {
  const records: VacuumRecord[] = [];
  for (const target of await listVacuumTargets(knex)) {
    options.signal.throwIfAborted();
    records.push(await vacuumOne(knex, target, options));
  }
  // what its months know does not add up to what the planner has to know of the whole
  await analyseDetections(knex);
  return records;
}

async function vacuumOne(knex: Knex, target: VacuumTarget, { full }: VacuumOptions): Promise<VacuumRecord> {
  const { table, is_owner: isOwner, total_bytes: bytesBefore } = target;
  const startedMs = performance.now();
  // the server would skip it with a warning that nobody sees
  if (isOwner) await vacuumTable(knex, table, { full });
  const bytesAfter = await tableBytes(knex, table);
  const how = full ? 'rewritten, analysed' : 'vacuumed, analysed';
  return {
    table,
    done: isOwner ? how : 'skipped: owned by another user',
    bytes_before: bytesBefore,
    bytes_after: bytesAfter,
    freed_bytes: bytesBefore - bytesAfter,
    duration_ms: Math.round(performance.now() - startedMs),
  };
}
