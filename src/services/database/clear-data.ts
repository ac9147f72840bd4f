import type { Knex } from 'knex';
import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { countHoldsInForce } from '../../db/models/evidence-holds.ts';
import { clearDataTables, countData } from '../../db/models/clear-data.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { removeClips } from '../clips/remove-clips.ts';
import { counted } from '../../lib/counted.ts';

export type ClearDataOptions = {
  actor: string;
  /** Count only. */
  dryRun: boolean;
  confirmed: boolean;
};

/** Rows of each table that went, or would go; among them holds on events that nobody released. */
export type ClearedData = { rows: Record<string, number>; holds_in_force: number };

/**
 * Empties the store of everything that came from footage, evidence that is held included, and returns what went, or would go. Settings,
 * logs and the audit log stay (schema §7). Throws UsageError without confirmation, LockedError while a run writes.
 */
export async function clearData(database: Database, { actor, dryRun, confirmed }: ClearDataOptions): Promise<ClearedData> {
  const before = await countAll(database.knex);
  if (dryRun) return before;
  if (!confirmed) {
    const held = before.holds_in_force === 0 ? '' : `, ${heldText(before.holds_in_force)} among them`;
    throw new UsageError(`a reset deletes all files, detections and events that are stored, for good${held}`, {
      code: 'not_confirmed',
      hint: 'give --yes to do it, or --dry-run to see how much it is; the footage itself is not touched',
    });
  }
  return withoutWriters(database, async () => {
    const { cleared, clips } = await database.knex.transaction(async (trx) => {
      const counts = await countAll(trx);
      const removed = await clearDataTables(trx);
      await insertAuditLog(trx, { action: 'data_cleared', resource_type: 'database', actor, details: counts });
      return { cleared: counts, clips: removed };
    });
    await removeClips(clips);
    return cleared;
  });
}

export function heldText(holds: number): string {
  return `${counted(holds, 'event')} held as evidence`;
}

async function countAll(knex: Knex): Promise<ClearedData> {
  return { rows: await countData(knex), holds_in_force: await countHoldsInForce(knex) };
}
