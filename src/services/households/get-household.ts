import type { Knex } from 'knex';
import { listHouseholds, lockHouseholds, type HouseholdRow } from '../../db/models/households.ts';
import { listMemberSummaries, listVehicleSummaries, type MemberSummaryRow, type VehicleSummaryRow } from '../../db/queries/households.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { findNamed } from '../lists/find-named.ts';

const LIST_COMMAND = 'hs households list';

/** The household of that name or id. Throws a usage error when there is none. */
export async function getHousehold(knex: Knex, nameOrId: string): Promise<HouseholdRow> {
  return findNamed(await listHouseholds(knex), nameOrId, { what: 'household', listCommand: LIST_COMMAND });
}

/** Throws a usage error when another household has the name. Until the transaction ends nobody else takes it. */
export async function assertHouseholdNameIsFree(trx: Knex.Transaction, name: string): Promise<void> {
  await lockHouseholds(trx);
  if (!(await listHouseholds(trx)).some((household) => household.name === name)) return;
  throw new UsageError(`there is a household ${JSON.stringify(name)} already`, {
    code: 'household_conflict',
    hint: 'change it with: hs households set',
  });
}

/** The member of that name or id, of whatever household. Throws a usage error for none, and for a name that several have. */
export async function getMember(knex: Knex, nameOrId: string): Promise<MemberSummaryRow> {
  return findNamed(await listMemberSummaries(knex), nameOrId, {
    what: 'member',
    listCommand: 'hs households member list',
    describe: (member) => member.household_name,
  });
}

/** The vehicle of that description, plate or id. Throws a usage error for none, and for a description that several have. */
export async function getVehicle(knex: Knex, text: string): Promise<VehicleSummaryRow> {
  const vehicles = (await listVehicleSummaries(knex)).map((vehicle) => ({ ...vehicle, name: vehicle.description }));
  const plate = text.toUpperCase().replace(/[\s-]/g, '');
  const byPlate = vehicles.filter((vehicle) => vehicle.license_plate === plate);
  const [only] = byPlate;
  if (only !== undefined && byPlate.length === 1) return only;
  return findNamed(vehicles, text, {
    what: 'vehicle',
    listCommand: 'hs households vehicle list',
    describe: (vehicle) => vehicle.license_plate ?? vehicle.household_name,
  });
}
