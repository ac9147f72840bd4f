import type { Knex } from 'knex';

/** One row of `properties`, as stored. */
export type PropertyRow = {
  id: number;
  household_id: number;
  name: string;
  address: string | null;
  /** IANA name. */
  timezone: string;
  created_at: Date;
};

export type NewProperty = Pick<PropertyRow, 'name'> & Partial<Pick<PropertyRow, 'address' | 'timezone'>>;

export async function findPropertyByName(knex: Knex, name: string): Promise<PropertyRow | undefined> {
  return knex<PropertyRow>('properties').where({ name }).orderBy('id').first();
}

/** Adds a site to the household, which is created as `Home` when there is none. */
export async function insertProperty(knex: Knex, property: NewProperty): Promise<PropertyRow> {
  return knex.transaction(async (trx) => {
    const householdId = await findOrCreateHousehold(trx);
    const [row] = await trx('properties')
      .insert({ ...property, household_id: householdId })
      .returning<PropertyRow[]>('*');
    if (row === undefined) throw new Error('the property was not inserted');
    return row;
  });
}

async function findOrCreateHousehold(trx: Knex.Transaction): Promise<number> {
  await trx.raw('LOCK TABLE households IN SHARE ROW EXCLUSIVE MODE'); // two at once would make two
  const found = await trx<{ id: number }>('households').orderBy('id').first('id');
  if (found !== undefined) return found.id;
  const [created] = await trx('households').insert({ name: 'Home' }).returning<{ id: number }[]>('id');
  if (created === undefined) throw new Error('the household was not inserted');
  return created.id;
}
