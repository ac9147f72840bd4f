import type { Knex } from 'knex';

import { listCameras } from '../../db/models/cameras.ts';
import { listCameraNames } from '../../db/queries/cameras.ts';
import type { RecordingMode } from '../../domain/enums.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { matchCameras, noSuchCamera } from '../lists/match-names.ts';

/** What the hours of a camera depend on beside its footage. */
export type BaselineCamera = {
  id: string;
  zone: string;
  /** Null where it is to be found out. */
  recording: RecordingMode | null;
  /** Tracks from before were pruned: what was computed from them cannot be computed again, and stays. */
  prunedUntilMs?: number | undefined;
};

/** Cameras by id or name, `*` and `?` allowed; all of them when none are named. Throws a usage error for a name that matches none. */
export async function findBaselineCameras(knex: Knex, zones: ZoneSettings, patterns?: readonly string[]): Promise<BaselineCamera[]> {
  const names = await listCameraNames(knex);
  const wanted = new Set(patterns === undefined || patterns.length === 0 ? names.map(({ id }) => id) : matchCameras(names, patterns));
  const rows = new Map((await listCameras(knex)).map((row) => [row.id, row]));
  return names
    .filter(({ id }) => wanted.has(id))
    .map(({ id, timezone, property_timezone }) => ({
      id,
      zone: cameraZone({ camera_id: id, camera_timezone: timezone, property_timezone }, zones),
      recording: rows.get(id)?.recording ?? null,
      prunedUntilMs: rows.get(id)?.pruned_until?.getTime(),
    }));
}

/** The one camera of that id. Throws a usage error that names the cameras there are. */
export async function requireBaselineCamera(knex: Knex, zones: ZoneSettings, id: string): Promise<BaselineCamera> {
  const camera = (await findBaselineCameras(knex, zones)).find((one) => one.id === id);
  if (camera === undefined) throw noSuchCamera(id, await listCameraNames(knex));
  return camera;
}
