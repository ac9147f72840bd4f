import type { Knex } from 'knex';
import { listAreaSummaries } from '../../db/queries/areas.ts';
import { listPropertyCameras, listPropertySummaries } from '../../db/queries/properties.ts';
import { getProperty } from './get-property.ts';
import { toPropertyRecord, type PropertyRecord } from './property-record.ts';

export type PropertyDetails = PropertyRecord & { camera_ids: string[]; area_names: string[] };

/** A property with its cameras and areas. Throws a usage error when there is none of that name or id. */
export async function showProperty(knex: Knex, nameOrId: string): Promise<PropertyDetails> {
  const { id } = await getProperty(knex, nameOrId);
  const [row] = await listPropertySummaries(knex, { ids: [id] });
  if (row === undefined) throw new Error(`property ${String(id)} went away`);
  const cameras = await listPropertyCameras(knex, id);
  const areas = await listAreaSummaries(knex, { propertyIds: [id] });
  return { ...toPropertyRecord(row), camera_ids: cameras.map((camera) => camera.id), area_names: areas.map(({ name }) => name) };
}
