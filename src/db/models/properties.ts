import type { Knex } from 'knex';

import { firstHousehold } from './households.ts';

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

export type PropertyPatch = Partial<Pick<PropertyRow, 'name' | 'address' | 'timezone' | 'household_id'>>;

export type NewProperty = Pick<PropertyRow, 'name'> & PropertyPatch;

export async function findPropertyByName(knex: Knex, name: string): Promise<PropertyRow | undefined> {
  return knex<PropertyRow>('properties').where({ name }).orderBy('id').first();
}

/** By name; names are unique unless another program wrote them. */
export async function listProperties(knex: Knex): Promise<PropertyRow[]> {
  return knex<PropertyRow>('properties').orderBy(['name', 'id']);
}

/** Locks the row until the transaction ends. */
export async function findPropertyForUpdate(trx: Knex.Transaction, id: number): Promise<PropertyRow | undefined> {
  return trx<PropertyRow>('properties').where({ id }).forUpdate().first();
}

/** Adds a site, to the oldest household unless it names one; that is created as `Home` when there is none. */
export async function insertProperty(knex: Knex, property: NewProperty): Promise<PropertyRow> {
  return knex.transaction(async (trx) => {
    const householdId = property.household_id ?? (await firstHousehold(trx)).id;
    const [row] = await trx('properties')
      .insert({ ...property, household_id: householdId })
      .returning<PropertyRow[]>('*');
    if (row === undefined) throw new Error('the property was not inserted');
    return row;
  });
}

export async function updateProperty(knex: Knex, id: number, patch: PropertyPatch): Promise<void> {
  await knex('properties').where({ id }).update(patch);
}

/** Takes its areas along; its cameras stay, without a site. False when there is no such property. */
export async function deleteProperty(knex: Knex, id: number): Promise<boolean> {
  return (await knex('properties').where({ id }).delete()) > 0;
}
