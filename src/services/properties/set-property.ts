import type { Knex } from 'knex';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { updateProperty, type PropertyPatch } from '../../db/models/properties.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { lockProperty } from './get-property.ts';
import { assertNameIsFree, householdIdFor, toPropertyPatch, type PropertyChanges } from './property-changes.ts';

export type SetPropertyOptions = { property: string; changes: PropertyChanges; actor: string; dryRun: boolean };

/** Changes a property, named or by id, and returns what really changed; nothing is written when nothing did. */
export async function setProperty(knex: Knex, options: SetPropertyOptions): Promise<ColumnChange[]> {
  const { changes, actor, dryRun } = options;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --name, --timezone, --address or --household' });
  }
  return inTransaction(knex, { dryRun }, async (trx) => {
    const patch = await withHousehold(trx, changes, actor);
    const property = await lockProperty(trx, options.property);
    const { id } = property;
    const changed = changedColumns(property, patch);
    if (changed.length === 0) return [];
    if (changed.some(({ column }) => column === 'name')) await assertNameIsFree(trx, patch.name ?? '');
    await updateProperty(trx, id, patch);
    await insertAuditLog(trx, {
      action: 'settings_changed',
      resource_type: 'property',
      resource_id: String(id),
      actor,
      details: { changes: changed },
    });
    return changed;
  });
}

async function withHousehold(trx: Knex.Transaction, changes: PropertyChanges, actor: string): Promise<PropertyPatch> {
  const patch = toPropertyPatch(changes);
  if (changes.household === undefined) return patch;
  return { ...patch, household_id: await householdIdFor(trx, changes.household, actor) };
}
