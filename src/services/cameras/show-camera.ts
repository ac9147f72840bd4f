import type { Knex } from 'knex';
import { findCameraFootage, listCameraNames, listCameraSummaries, type CameraFootage } from '../../db/queries/cameras.ts';
import { noSuchCamera } from '../lists/match-names.ts';
import { toCameraRecord, type CameraRecord } from './camera-record.ts';
import type { ZoneSettings } from './camera-zone.ts';

export type CameraDetails = CameraRecord & { footage: CameraFootage[] };

/** Throws a usage error when there is no camera of that id. */
export async function showCamera(knex: Knex, id: string, zones: ZoneSettings): Promise<CameraDetails> {
  const [row] = await listCameraSummaries(knex, { ids: [id] });
  if (!row) throw noSuchCamera(id, await listCameraNames(knex));
  return { ...toCameraRecord(row, zones), footage: await findCameraFootage(knex, id) };
}
