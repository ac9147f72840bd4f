import type { Knex } from 'knex';

/** One row of `households`, as stored. */
export type HouseholdRow = { id: number; name: string; created_at: Date };

const FIRST_HOUSEHOLD = 'Home';

/** Oldest first. */
export async function listHouseholds(knex: Knex): Promise<HouseholdRow[]> {
  return knex<HouseholdRow>('households').orderBy('id');
}

export async function insertHousehold(knex: Knex, name: string): Promise<HouseholdRow> {
  const [row] = await knex('households').insert({ name }).returning<HouseholdRow[]>('*');
  if (row === undefined) throw new Error('the household was not inserted');
  return row;
}

/** The oldest household; `Home` is created when there is none. Until the transaction ends nobody else adds one. */
export async function firstHousehold(trx: Knex.Transaction): Promise<HouseholdRow> {
  await lockHouseholds(trx);
  const [found] = await listHouseholds(trx);
  return found ?? insertHousehold(trx, FIRST_HOUSEHOLD);
}

/** Keeps others from adding households until the transaction ends: two at once would make the same one twice. */
export async function lockHouseholds(trx: Knex.Transaction): Promise<void> {
  await trx.raw('LOCK TABLE households IN SHARE ROW EXCLUSIVE MODE');
}

export async function renameHousehold(knex: Knex, id: number, name: string): Promise<void> {
  await knex('households').where({ id }).update({ name });
}

/** Takes members, vehicles and properties along; cameras stay, without a site. False when there is no such household. */
export async function deleteHousehold(knex: Knex, id: number): Promise<boolean> {
  return (await knex('households').where({ id }).delete()) > 0;
}

/** Keeps others from adding to the household what its names must tell apart, until the transaction ends. */
export async function lockHousehold(trx: Knex.Transaction, id: number): Promise<void> {
  await trx('households').where({ id }).forUpdate().first('id');
}
