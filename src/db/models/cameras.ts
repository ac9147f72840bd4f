import type { Knex } from 'knex';

import type { CameraStatus, RecordingMode } from '../../domain/enums.ts';

/** One row of `cameras`, as stored. */
export type CameraRow = {
  id: string;
  name: string;
  folder_path: string;
  status: CameraStatus;
  property_id: number | null;
  timezone: string | null;
  last_seen_at: Date | null;
  enabled: boolean;
  recording: RecordingMode | null;
  clock_offset_s: number;
  moving: boolean;
  /** Further folders mapped to this camera. */
  folders: string[];
  created_at: Date;
  /** Footage time before which retention removed what was seen. */
  pruned_until: Date | null;
};

export type NewCamera = Pick<CameraRow, 'id' | 'name' | 'folder_path'> & CameraPatch;

export type CameraPatch = Partial<Omit<CameraRow, 'id' | 'created_at' | 'last_seen_at' | 'pruned_until'>>;

export async function findCamera(knex: Knex, id: string): Promise<CameraRow | undefined> {
  return knex<CameraRow>('cameras').where({ id }).first();
}

/** By id, so that lists keep their order when a camera is renamed. */
export async function listCameras(knex: Knex, options: { limit?: number } = {}): Promise<CameraRow[]> {
  const query = knex<CameraRow>('cameras').select('*').orderBy('id');
  return options.limit === undefined ? query : query.limit(options.limit);
}

/** Whether the row was created. False when its id, name or folder is taken: nothing is changed then. */
export async function insertCamera(knex: Knex, camera: NewCamera): Promise<boolean> {
  const rows = await knex('cameras').insert(toColumns(camera)).onConflict().ignore().returning('id');
  return rows.length > 0;
}

/** The changed row, or undefined when there is no such camera. */
export async function updateCamera(knex: Knex, id: string, patch: CameraPatch): Promise<CameraRow | undefined> {
  if (Object.keys(patch).length === 0) return findCamera(knex, id);
  const [row] = await knex('cameras').where({ id }).update(toColumns(patch)).returning<CameraRow[]>('*');
  return row;
}

/** Footage time of the newest file. Footage arrives out of order: an earlier time changes nothing. */
export async function advanceLastSeen(knex: Knex, cameraId: string, at: Date): Promise<void> {
  await knex('cameras')
    .where({ id: cameraId })
    .whereRaw('last_seen_at IS DISTINCT FROM greatest(last_seen_at, ?)', [at])
    .update({ last_seen_at: at });
}

function toColumns(camera: CameraPatch): Record<string, unknown> {
  const { folders, ...columns } = camera;
  return folders === undefined ? columns : { ...columns, folders: JSON.stringify(folders) };
}
