import type { Knex } from 'knex';

import type { HouseholdMemberRow } from '../models/household-members.ts';
import type { HouseholdRow } from '../models/households.ts';
import type { RegisteredVehicleRow } from '../models/registered-vehicles.ts';

export type HouseholdSummaryRow = HouseholdRow & { members: number; vehicles: number; properties: string[] };

/** Oldest first. */
export async function listHouseholdSummaries(knex: Knex, filter: { ids?: readonly number[] } = {}): Promise<HouseholdSummaryRow[]> {
  const rows: unknown = await knex('households as h')
    .modify((query) => {
      if (filter.ids) void query.whereIn('h.id', [...filter.ids]);
    })
    .select('h.*')
    .select({
      members: knex('household_members as m').whereRaw('m.household_id = h.id').count('*'),
      vehicles: knex('registered_vehicles as v').whereRaw('v.household_id = h.id').count('*'),
      properties: knex('properties as p')
        .whereRaw('p.household_id = h.id')
        .select(knex.raw("coalesce(array_agg(p.name order by p.name), '{}')")),
    })
    .orderBy('h.id');
  return rows as HouseholdSummaryRow[];
}

/** `pictures`: reference vectors, of whatever model. */
export type MemberSummaryRow = HouseholdMemberRow & { household_name: string; pictures: number };

type SummaryFilter = { ids?: readonly number[]; householdIds?: readonly number[] };

/** By household and name. */
export async function listMemberSummaries(knex: Knex, { ids, householdIds }: SummaryFilter = {}): Promise<MemberSummaryRow[]> {
  const rows: unknown = await knex('household_members as m')
    .join('households as h', 'h.id', 'm.household_id')
    .modify((query) => {
      if (ids) void query.whereIn('m.id', [...ids]);
      if (householdIds) void query.whereIn('m.household_id', [...householdIds]);
    })
    .select('m.*', { household_name: 'h.name' })
    .select({ pictures: knex('person_embeddings as e').whereRaw('e.member_id = m.id').count('*') })
    .orderBy(['m.household_id', 'm.name', 'm.id']);
  return rows as MemberSummaryRow[];
}

export type VehicleSummaryRow = RegisteredVehicleRow & { household_name: string; owner_name: string | null };

/** By household and description. */
export async function listVehicleSummaries(knex: Knex, { ids, householdIds }: SummaryFilter = {}): Promise<VehicleSummaryRow[]> {
  const rows: unknown = await knex('registered_vehicles as v')
    .join('households as h', 'h.id', 'v.household_id')
    .leftJoin('household_members as m', 'm.id', 'v.owner_id')
    .modify((query) => {
      if (ids) void query.whereIn('v.id', [...ids]);
      if (householdIds) void query.whereIn('v.household_id', [...householdIds]);
    })
    .select('v.*', { household_name: 'h.name', owner_name: 'm.name' })
    .orderBy(['v.household_id', 'v.description', 'v.id']);
  return rows as VehicleSummaryRow[];
}
