import type { Knex } from 'knex';
import { listZones as listRows } from '../../db/models/zones.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import type { ZonePurpose, ZoneType } from '../../domain/enums.ts';
import { matchCameras } from '../lists/match-names.ts';
import { findSuspectCameras } from './find-suspect-cameras.ts';
import { getZone, type ZoneChoice } from './get-zone.ts';
import { toZoneRecord, type ZoneRecord } from './zone-record.ts';

type ListZonesOptions = {
  /** Ids or names, `*` and `?` allowed; none means all cameras. */
  cameras?: readonly string[] | undefined;
  types?: readonly ZoneType[] | undefined;
  purposes?: readonly ZonePurpose[] | undefined;
};

/** Zones by camera, those that win on overlap first. A camera that does not exist is a usage error. */
export async function listZones(knex: Knex, { cameras, types, purposes }: ListZonesOptions): Promise<ZoneRecord[]> {
  const rows = await listRows(knex, cameras === undefined ? {} : { cameraIds: matchCameras(await listCameraNames(knex), cameras) });
  const suspect = await findSuspectCameras(knex);
  return rows
    .filter((row) => (types?.includes(row.zone_type) ?? true) && (purposes?.includes(row.purpose) ?? true))
    .map((row) => toZoneRecord(row, suspect));
}

/** Throws a usage error when there is no such zone. */
export async function showZone(knex: Knex, choice: ZoneChoice): Promise<ZoneRecord> {
  const row = await getZone(knex, choice);
  return toZoneRecord(row, await findSuspectCameras(knex, [row.camera_id]));
}
