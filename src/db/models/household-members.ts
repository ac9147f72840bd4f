import type { Knex } from 'knex';

import type { MemberRole, TrustLevel } from '../../domain/enums.ts';

/** One row of `household_members`, as stored. */
export type HouseholdMemberRow = {
  id: number;
  household_id: number;
  name: string;
  role: MemberRole;
  /** full: never alert · partial: lower severity · monitor: note only. */
  trusted_level: TrustLevel;
  /** Day or group of days → hours. */
  typical_schedule: Record<string, unknown> | null;
  notes: string | null;
  created_at: Date;
  updated_at: Date;
};

export type HouseholdMemberPatch = Partial<Pick<HouseholdMemberRow, 'name' | 'role' | 'trusted_level' | 'typical_schedule' | 'notes'>>;

export type NewHouseholdMember = Pick<HouseholdMemberRow, 'household_id' | 'name' | 'role' | 'trusted_level'> & HouseholdMemberPatch;

export async function insertHouseholdMember(knex: Knex, member: NewHouseholdMember): Promise<HouseholdMemberRow> {
  const [row] = await knex('household_members').insert(toColumns(member)).returning<HouseholdMemberRow[]>('*');
  if (row === undefined) throw new Error('the household member was not inserted');
  return row;
}

export async function listHouseholdMembers(knex: Knex, householdId: number): Promise<HouseholdMemberRow[]> {
  return knex<HouseholdMemberRow>('household_members').where({ household_id: householdId }).orderBy(['name', 'id']);
}

/** The changed row, or undefined when there is no such member. */
export async function updateHouseholdMember(knex: Knex, id: number, patch: HouseholdMemberPatch): Promise<HouseholdMemberRow | undefined> {
  if (Object.keys(patch).length === 0) return knex<HouseholdMemberRow>('household_members').where({ id }).first();
  const [row] = await knex('household_members').where({ id }).update(toColumns(patch)).returning<HouseholdMemberRow[]>('*');
  return row;
}

/** Takes the member's vectors along; vehicles of the member stay, without an owner. False when there is no such member. */
export async function deleteHouseholdMember(knex: Knex, id: number): Promise<boolean> {
  return (await knex('household_members').where({ id }).delete()) > 0;
}

function toColumns(member: HouseholdMemberPatch): Record<string, unknown> {
  const { typical_schedule: schedule, ...columns } = member;
  if (schedule === undefined) return columns;
  return { ...columns, typical_schedule: schedule === null ? null : JSON.stringify(schedule) };
}
