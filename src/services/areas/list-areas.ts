import type { Knex } from 'knex';
import { listAreaSummaries } from '../../db/queries/areas.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import { matchCameras } from '../lists/match-names.ts';
import { getProperty } from '../properties/get-property.ts';
import { toAreaRecord, type AreaRecord } from './area-record.ts';

type ListAreasOptions = {
  /** Name or id of a property. */
  property?: string | undefined;
  /** Only areas with one of these cameras; ids or names, `*` and `?` allowed. */
  cameras?: readonly string[] | undefined;
};

/** Areas by property and name, with their cameras. A name that matches none is a usage error. */
export async function listAreas(knex: Knex, { property, cameras }: ListAreasOptions): Promise<AreaRecord[]> {
  const rows = await listAreaSummaries(knex, {
    ...(property === undefined ? {} : { propertyIds: [(await getProperty(knex, property)).id] }),
    ...(cameras === undefined ? {} : { cameraIds: matchCameras(await listCameraNames(knex), cameras) }),
  });
  return rows.map(toAreaRecord);
}
