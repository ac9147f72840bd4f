import type { Knex } from 'knex';
import { insertArea } from '../../db/models/areas.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { listAreaSummaries } from '../../db/queries/areas.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { assertNameIsFree, propertyIdFor, toAreaPatch, type AreaChanges } from './area-changes.ts';
import { toAreaRecord, type AreaRecord } from './area-record.ts';

export type AddAreaOptions = {
  name: string;
  changes: Omit<AreaChanges, 'name'>;
  actor: string;
  /** Everything is checked, nothing is kept. */
  dryRun: boolean;
};

/** Adds an area to a property, by default the only one. Throws a usage error for a name the property has already. */
export async function addArea(knex: Knex, options: AddAreaOptions): Promise<AreaRecord> {
  const { changes, actor, dryRun } = options;
  const name = checkedName(options.name, 'an area');
  const patch = toAreaPatch(changes);
  return inTransaction(knex, { dryRun }, async (trx) => {
    const propertyId = await propertyIdFor(trx, changes.property);
    await assertNameIsFree(trx, propertyId, name);
    const area = { ...patch, name, property_id: propertyId };
    const { id } = await insertArea(trx, area);
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'area',
      resource_id: String(id),
      actor,
      details: { created: area },
    });
    const [row] = await listAreaSummaries(trx, { ids: [id] });
    if (row === undefined) throw new Error('the area was not inserted');
    return toAreaRecord(row);
  });
}
