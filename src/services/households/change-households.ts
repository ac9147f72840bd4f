import type { Knex } from 'knex';
import { deleteHousehold as deleteRow, insertHousehold, renameHousehold } from '../../db/models/households.ts';
import { listHouseholdSummaries, listMemberSummaries, listVehicleSummaries } from '../../db/queries/households.ts';
import { listPropertySummaries } from '../../db/queries/properties.ts';
import { checkedName } from '../lists/checked-name.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { auditHousehold } from './audit-household.ts';
import { assertHouseholdNameIsFree, getHousehold } from './get-household.ts';
import { toHouseholdRecord, type HouseholdRecord } from './household-record.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

/** Adds a household. Throws a usage error for a name that is taken. */
export async function addHousehold(knex: Knex, options: Act & { name: string }): Promise<HouseholdRecord> {
  const name = checkedName(options.name, 'a household');
  return inTransaction(knex, options, async (trx) => {
    await assertHouseholdNameIsFree(trx, name);
    const { id } = await insertHousehold(trx, name);
    await auditHousehold(trx, { type: 'household', id, actor: options.actor, details: { created: { name } } });
    const [row] = await listHouseholdSummaries(trx, { ids: [id] });
    if (row === undefined) throw new Error('the household was not inserted');
    return toHouseholdRecord(row);
  });
}

/** Gives a household another name and returns what really changed. */
export async function setHousehold(knex: Knex, options: Act & { household: string; name: string }): Promise<ColumnChange[]> {
  const name = checkedName(options.name, 'a household');
  return inTransaction(knex, options, async (trx) => {
    const household = await getHousehold(trx, options.household);
    const changes = changedColumns(household, { name });
    if (changes.length === 0) return [];
    await assertHouseholdNameIsFree(trx, name);
    await renameHousehold(trx, household.id, name);
    await auditHousehold(trx, { type: 'household', id: household.id, actor: options.actor, details: { changes } });
    return changes;
  });
}

export type DeletedHousehold = {
  id: number;
  name: string;
  members_deleted: string[];
  vehicles_deleted: string[];
  /** Their cameras stay, without a site. */
  properties_deleted: string[];
};

/** Deletes a household with its members, vehicles and properties. Throws a usage error when there is none of that name or id. */
export async function deleteHousehold(knex: Knex, options: Act & { household: string }): Promise<DeletedHousehold> {
  return inTransaction(knex, options, async (trx) => {
    const { id, name } = await getHousehold(trx, options.household);
    const filter = { householdIds: [id] };
    const properties = (await listPropertySummaries(trx)).filter((property) => property.household_id === id);
    const deleted: DeletedHousehold = {
      id,
      name,
      members_deleted: (await listMemberSummaries(trx, filter)).map((member) => member.name),
      vehicles_deleted: (await listVehicleSummaries(trx, filter)).map((vehicle) => vehicle.description),
      properties_deleted: properties.map((property) => property.name),
    };
    await auditHousehold(trx, { type: 'household', id, actor: options.actor, details: { deleted } });
    await deleteRow(trx, id);
    return deleted;
  });
}
