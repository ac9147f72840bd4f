import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { CHAIN_CUT } from '../../db/queries/audit-chain.ts';
import { deleteAuditRows } from '../../db/queries/retention/audit-rows.ts';
import type { PruneWork } from './prune-work.ts';

/** Each batch leaves an audit row of its own, so few of them. */
const BATCH_ROWS = 50_000;

/** Removes the oldest audit rows. The transaction that removes them says up to where in the chain, so that what is left begins honestly. */
export async function pruneAuditLogs(
  { knex, signal, onRemoved }: PruneWork,
  { before, actor }: { before: Date; actor: string },
): Promise<void> {
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted;) {
    count = await knex.transaction(async (trx) => {
      const cut = await deleteAuditRows(trx, { before, limit: BATCH_ROWS });
      if (cut !== undefined) await insertAuditLog(trx, { ...CHAIN_CUT, actor, details: cut });
      return cut?.removed ?? 0;
    });
    onRemoved('audit_logs', count);
  }
}
