import type { Knex } from 'knex';
import type { PropertyRow } from '../models/properties.ts';

export type PropertySummaryRow = PropertyRow & { household_name: string; cameras: number; areas: number };

/** By name. */
export async function listPropertySummaries(knex: Knex, filter: { ids?: readonly number[] } = {}): Promise<PropertySummaryRow[]> {
  const rows: unknown = await knex('properties as p')
    .join('households as h', 'h.id', 'p.household_id')
    .modify((query) => {
      if (filter.ids) void query.whereIn('p.id', [...filter.ids]);
    })
    .select('p.*', { household_name: 'h.name' })
    .select({
      cameras: knex('cameras as c').whereRaw('c.property_id = p.id').count('*'),
      areas: knex('areas as a').whereRaw('a.property_id = p.id').count('*'),
    })
    .orderBy(['p.name', 'p.id']);
  return rows as PropertySummaryRow[];
}

export type PropertyCameraRow = { id: string; timezone: string | null };

/** Cameras of a site by id, with the zone that is their own. */
export async function listPropertyCameras(knex: Knex, propertyId: number): Promise<PropertyCameraRow[]> {
  return knex('cameras').where({ property_id: propertyId }).select<PropertyCameraRow[]>('id', 'timezone').orderBy('id');
}
