import type { Knex } from 'knex';

/** One row of `camera_areas`, as stored: the camera looks at the area. */
export type CameraAreaRow = { camera_id: string; area_id: number };

/** Adds cameras to an area; returns the ids of those that were not in it. */
export async function assignCameras(knex: Knex, areaId: number, cameraIds: readonly string[]): Promise<string[]> {
  if (cameraIds.length === 0) return [];
  const rows = await knex('camera_areas')
    .insert(cameraIds.map((id) => ({ camera_id: id, area_id: areaId })))
    .onConflict()
    .ignore()
    .returning<CameraAreaRow[]>('camera_id');
  return rows.map((row) => row.camera_id).sort();
}

/** Takes cameras out of an area; returns the ids of those that were in it. */
export async function unassignCameras(knex: Knex, areaId: number, cameraIds: readonly string[]): Promise<string[]> {
  const rows = await knex('camera_areas')
    .where('area_id', areaId)
    .whereIn('camera_id', [...cameraIds])
    .delete()
    .returning<CameraAreaRow[]>('camera_id');
  return rows.map((row) => row.camera_id).sort();
}
