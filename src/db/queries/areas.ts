import type { Knex } from 'knex';
import type { AreaRow } from '../models/areas.ts';

export type AreaSummaryRow = AreaRow & { property_name: string; camera_ids: string[] };

type AreaFilter = { ids?: readonly number[]; propertyIds?: readonly number[]; cameraIds?: readonly string[] };

/** By site and name, each with its cameras by id. */
export async function listAreaSummaries(knex: Knex, filter: AreaFilter = {}): Promise<AreaSummaryRow[]> {
  const { ids, propertyIds, cameraIds } = filter;
  const camerasOfArea = knex('camera_areas as ca').whereRaw('ca.area_id = a.id');
  const rows: unknown = await knex('areas as a')
    .join('properties as p', 'p.id', 'a.property_id')
    .modify((query) => {
      if (ids) void query.whereIn('a.id', [...ids]);
      if (propertyIds) void query.whereIn('a.property_id', [...propertyIds]);
      if (cameraIds) void query.whereExists(camerasOfArea.clone().whereIn('ca.camera_id', [...cameraIds]));
    })
    .select('a.*', { property_name: 'p.name' })
    .select({ camera_ids: camerasOfArea.clone().select(knex.raw("coalesce(array_agg(ca.camera_id order by ca.camera_id), '{}')")) })
    .orderBy(['p.name', 'a.name', 'a.id']);
  return rows as AreaSummaryRow[];
}
