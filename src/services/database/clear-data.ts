import type { Database } from '../../db/database.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { clearDataTables, countData } from '../../db/models/clear-data.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { removeClips } from '../clips/remove-clips.ts';

export type ClearDataOptions = {
  actor: string;
  /** Count only. */
  dryRun: boolean;
  confirmed: boolean;
};

/**
 * Empties the store of everything that came from footage and returns how many rows of each table went, or would go. Settings,
 * logs and the audit log stay (schema §7). Throws UsageError without confirmation, LockedError while a run writes.
 */
export async function clearData(database: Database, { actor, dryRun, confirmed }: ClearDataOptions): Promise<Record<string, number>> {
  if (dryRun) return countData(database.knex);
  if (!confirmed) {
    throw new UsageError('a reset deletes all files, detections and events that are stored, for good', {
      code: 'not_confirmed',
      hint: 'give --yes to do it, or --dry-run to see how much it is; the footage itself is not touched',
    });
  }
  return withoutWriters(database, async () => {
    const { rows, clips } = await database.knex.transaction(async (trx) => {
      const counted = await countData(trx);
      const cleared = await clearDataTables(trx);
      await insertAuditLog(trx, { action: 'data_cleared', resource_type: 'database', actor, details: { rows: counted } });
      return { rows: counted, clips: cleared };
    });
    await removeClips(clips);
    return rows;
  });
}
