import type { Knex } from 'knex';
import { updateArea } from '../../db/models/areas.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { assertNameIsFree, propertyIdFor, toAreaPatch, type AreaChanges } from './area-changes.ts';
import { lockArea } from './get-area.ts';

export type SetAreaOptions = { area: string; changes: AreaChanges; actor: string; dryRun: boolean };

/** Changes an area, named or by id, and returns what really changed; nothing is written when nothing did. */
export async function setArea(knex: Knex, options: SetAreaOptions): Promise<ColumnChange[]> {
  const { changes, actor, dryRun } = options;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --name, --description, --color or --property' });
  }
  return inTransaction(knex, { dryRun }, async (trx) => {
    const property = changes.property === undefined ? {} : { property_id: await propertyIdFor(trx, changes.property) };
    const patch = { ...toAreaPatch(changes), ...property };
    const area = await lockArea(trx, options.area);
    const { id } = area;
    const changed = changedColumns(area, patch);
    if (changed.length === 0) return [];
    const after = { ...area, ...patch };
    if (after.name !== area.name || after.property_id !== area.property_id) await assertNameIsFree(trx, after.property_id, after.name);
    await updateArea(trx, id, patch);
    const details = { changes: changed };
    await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'area', resource_id: String(id), actor, details });
    return changed;
  });
}
