import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { insertProperty } from '../../db/models/properties.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { assertNameIsFree, householdIdFor, toPropertyPatch, type PropertyChanges } from './property-changes.ts';
import { showProperty, type PropertyDetails } from './show-property.ts';

export type AddPropertyOptions = {
  name: string;
  changes: Omit<PropertyChanges, 'name'>;
  actor: string;
  /** Everything is checked, nothing is kept. */
  dryRun: boolean;
};

/** Adds a site. Throws a usage error for a name that is taken, a zone that is none, and a household that does not exist. */
export async function addProperty(knex: Knex, options: AddPropertyOptions): Promise<PropertyDetails> {
  const { changes, actor, dryRun } = options;
  const name = checkedName(options.name, 'a property');
  const patch = toPropertyPatch(changes);
  return inTransaction(knex, { dryRun }, async (trx) => {
    await assertNameIsFree(trx, name);
    const property = { ...patch, name, household_id: await householdIdFor(trx, changes.household, actor) };
    const { id } = await insertProperty(trx, property);
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'property',
      resource_id: String(id),
      actor,
      details: { created: property },
    });
    return showProperty(trx, name);
  });
}
