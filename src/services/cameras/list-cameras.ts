import type { Knex } from 'knex';
import { listCameraNames, listCameraSummaries } from '../../db/queries/cameras.ts';
import { matchCameras } from '../lists/match-names.ts';
import { toCameraRecord, type CameraRecord } from './camera-record.ts';
import type { ZoneSettings } from './camera-zone.ts';

type ListCamerasOptions = {
  /** Ids or names, `*` and `?` allowed; none means all. */ cameras?: readonly string[] | undefined;
  zones: ZoneSettings;
};

/** Cameras by id, with how much they hold. A name that matches none is a usage error. */
export async function listCameras(knex: Knex, { cameras, zones }: ListCamerasOptions): Promise<CameraRecord[]> {
  const ids = cameras && matchCameras(await listCameraNames(knex), cameras);
  const rows = await listCameraSummaries(knex, ids ? { ids } : {});
  return rows.map((row) => toCameraRecord(row, zones));
}
