import type { Knex } from 'knex';
import { deleteHouseholdMember, insertHouseholdMember, updateHouseholdMember } from '../../db/models/household-members.ts';
import { lockHousehold } from '../../db/models/households.ts';
import { listMemberSummaries, listVehicleSummaries } from '../../db/queries/households.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { checkedName } from '../lists/checked-name.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { householdIdFor } from '../properties/property-changes.ts';
import { auditHousehold } from './audit-household.ts';
import { getMember } from './get-household.ts';
import { toMemberRecord, type MemberRecord } from './household-record.ts';
import { toMemberPatch, type MemberChanges } from './member-changes.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

export type AddMemberOptions = Act & {
  name: string;
  /** Name of a household; may be left out when there is only one. Without any `Home` is made. */
  household?: string | undefined;
  changes: Omit<MemberChanges, 'name'> & { role: string; trust: string };
};

/** Adds a person who belongs to a household. Throws a usage error for a name the household has already. */
export async function addMember(knex: Knex, options: AddMemberOptions): Promise<MemberRecord> {
  const { actor, changes } = options;
  const name = checkedName(options.name, 'a member');
  const { role, trusted_level: trust, ...patch } = toMemberPatch(changes);
  if (role === undefined || trust === undefined) throw new Error('a member needs a role and a trust level');
  return inTransaction(knex, options, async (trx) => {
    const householdId = await householdIdFor(trx, options.household, actor);
    await assertMemberNameIsFree(trx, householdId, name);
    const member = { ...patch, name, role, trusted_level: trust, household_id: householdId };
    const { id } = await insertHouseholdMember(trx, member);
    await auditHousehold(trx, { type: 'household_member', id, actor, details: { created: member } });
    const [row] = await listMemberSummaries(trx, { ids: [id] });
    if (row === undefined) throw new Error('the member was not inserted');
    return toMemberRecord(row);
  });
}

/** Changes a member, named or by id, and returns what really changed. */
export async function setMember(knex: Knex, options: Act & { member: string; changes: MemberChanges }): Promise<ColumnChange[]> {
  if (Object.values(options.changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --name, --role, --trust, --schedule or --notes' });
  }
  const patch = toMemberPatch(options.changes);
  return inTransaction(knex, options, async (trx) => {
    const member = await getMember(trx, options.member);
    const changes = changedColumns(member, patch);
    if (changes.length === 0) return [];
    if (patch.name !== undefined && patch.name !== member.name) await assertMemberNameIsFree(trx, member.household_id, patch.name);
    await updateHouseholdMember(trx, member.id, patch);
    await auditHousehold(trx, { type: 'household_member', id: member.id, actor: options.actor, details: { changes } });
    return changes;
  });
}

export type DeletedMember = { id: number; name: string; household: string; pictures_deleted: number; vehicles_without_owner: string[] };

/** Deletes a member with the reference pictures; vehicles stay, without an owner. */
export async function deleteMember(knex: Knex, options: Act & { member: string }): Promise<DeletedMember> {
  return inTransaction(knex, options, async (trx) => {
    const { id, name, household_name: household, household_id: householdId, pictures } = await getMember(trx, options.member);
    const vehicles = await listVehicleSummaries(trx, { householdIds: [householdId] });
    const owned = vehicles.filter((vehicle) => vehicle.owner_id === id).map((vehicle) => vehicle.description);
    const deleted = { id, name, household, pictures_deleted: pictures, vehicles_without_owner: owned };
    await auditHousehold(trx, { type: 'household_member', id, actor: options.actor, details: { deleted } });
    await deleteHouseholdMember(trx, id);
    return deleted;
  });
}

async function assertMemberNameIsFree(trx: Knex.Transaction, householdId: number, name: string): Promise<void> {
  await lockHousehold(trx, householdId);
  const members = await listMemberSummaries(trx, { householdIds: [householdId] });
  if (!members.some((member) => member.name === name)) return;
  throw new UsageError(`the household has a member ${JSON.stringify(name)} already`, {
    code: 'member_conflict',
    hint: 'change it with: hs households member set',
  });
}
