import type { Knex } from 'knex';
import { listHouseholdSummaries, listMemberSummaries, listVehicleSummaries } from '../../db/queries/households.ts';
import { getHousehold } from './get-household.ts';
import {
  toHouseholdRecord,
  toMemberRecord,
  toVehicleRecord,
  type HouseholdRecord,
  type MemberRecord,
  type VehicleRecord,
} from './household-record.ts';

/** Households, oldest first, with how many belong to them. */
export async function listHouseholds(knex: Knex): Promise<HouseholdRecord[]> {
  return (await listHouseholdSummaries(knex)).map(toHouseholdRecord);
}

export type HouseholdDetails = HouseholdRecord & { member_list: MemberRecord[]; vehicle_list: VehicleRecord[] };

/** A household with its members and vehicles. Throws a usage error when there is none of that name or id. */
export async function showHousehold(knex: Knex, nameOrId: string): Promise<HouseholdDetails> {
  const { id } = await getHousehold(knex, nameOrId);
  const [row] = await listHouseholdSummaries(knex, { ids: [id] });
  if (row === undefined) throw new Error(`household ${String(id)} went away`);
  const filter = { householdIds: [id] };
  return {
    ...toHouseholdRecord(row),
    member_list: (await listMemberSummaries(knex, filter)).map(toMemberRecord),
    vehicle_list: (await listVehicleSummaries(knex, filter)).map(toVehicleRecord),
  };
}

/** Members by household and name, of one household when it is named. */
export async function listMembers(knex: Knex, household?: string): Promise<MemberRecord[]> {
  return (await listMemberSummaries(knex, await ofHousehold(knex, household))).map(toMemberRecord);
}

/** Vehicles by household and description, of one household when it is named. */
export async function listVehicles(knex: Knex, household?: string): Promise<VehicleRecord[]> {
  return (await listVehicleSummaries(knex, await ofHousehold(knex, household))).map(toVehicleRecord);
}

async function ofHousehold(knex: Knex, household: string | undefined): Promise<{ householdIds?: number[] }> {
  return household === undefined ? {} : { householdIds: [(await getHousehold(knex, household)).id] };
}
