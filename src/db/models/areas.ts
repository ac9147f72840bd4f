import type { Knex } from 'knex';

/** One row of `areas`, as stored. */
export type AreaRow = {
  id: number;
  property_id: number;
  name: string;
  description: string | null;
  /** `#RRGGBB`. */
  color: string;
  created_at: Date;
};

export type AreaPatch = Partial<Pick<AreaRow, 'name' | 'description' | 'color' | 'property_id'>>;

export type NewArea = Pick<AreaRow, 'property_id' | 'name'> & AreaPatch;

/** Locks the row until the transaction ends. */
export async function findAreaForUpdate(trx: Knex.Transaction, id: number): Promise<AreaRow | undefined> {
  return trx<AreaRow>('areas').where({ id }).forUpdate().first();
}

export async function findAreaOfProperty(knex: Knex, propertyId: number, name: string): Promise<AreaRow | undefined> {
  return knex<AreaRow>('areas').where({ property_id: propertyId, name }).orderBy('id').first();
}

export async function insertArea(knex: Knex, area: NewArea): Promise<AreaRow> {
  const [row] = await knex('areas').insert(area).returning<AreaRow[]>('*');
  if (row === undefined) throw new Error('the area was not inserted');
  return row;
}

export async function updateArea(knex: Knex, id: number, patch: AreaPatch): Promise<void> {
  await knex('areas').where({ id }).update(patch);
}

/** Its cameras stay. False when there is no such area. */
export async function deleteArea(knex: Knex, id: number): Promise<boolean> {
  return (await knex('areas').where({ id }).delete()) > 0;
}
