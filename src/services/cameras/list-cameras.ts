import type { Knex } from 'knex';
import { CAMERA_SORT_COLUMNS, listCameraNames, listCameraSummaries, type CameraSortField } from '../../db/queries/cameras.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { matchCameras } from '../lists/match-names.ts';
import { toCameraRecord, type CameraRecord } from './camera-record.ts';
import type { ZoneSettings } from './camera-zone.ts';

/** What `--sort` takes. */
export const CAMERA_SORT_FIELDS = Object.keys(CAMERA_SORT_COLUMNS) as CameraSortField[];

type ListCamerasOptions = {
  /** Ids or names, `*` and `?` allowed; none means all. */
  cameras?: readonly string[] | undefined;
  sort?: ListSort<CameraSortField>;
  zones: ZoneSettings;
};

/** Cameras with how much they hold, by id unless sorted otherwise. A name that matches none is a usage error. */
export async function listCameras(knex: Knex, { cameras, sort, zones }: ListCamerasOptions): Promise<CameraRecord[]> {
  const ids = cameras && matchCameras(await listCameraNames(knex), cameras);
  const rows = await listCameraSummaries(knex, { ...(ids ? { ids } : {}), ...(sort ? { sort } : {}) });
  return rows.map((row) => toCameraRecord(row, zones));
}
