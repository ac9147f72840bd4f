import type { Knex } from 'knex';

import type { CameraRow } from './cameras.ts';

/** A camera with the time zone of the site it belongs to. */
export type CameraWithPropertyRow = CameraRow & { property_timezone: string | null };

export async function findCameraWithProperty(knex: Knex, id: string): Promise<CameraWithPropertyRow | undefined> {
  return knex('cameras')
    .leftJoin('properties', 'properties.id', 'cameras.property_id')
    .where('cameras.id', id)
    .first<CameraWithPropertyRow | undefined>('cameras.*', { property_timezone: 'properties.timezone' });
}

/** The camera that this folder was given to (`folders`), or another one of the same name. */
export async function findCameraByFolder(
  knex: Knex,
  { folder, isSameName }: { folder: string; isSameName: (folder: string) => boolean },
): Promise<CameraWithPropertyRow | undefined> {
  const cameras = await knex<CameraRow>('cameras').select('id', 'folders').orderBy('id');
  const found = cameras.find(({ folders }) => folders.includes(folder)) ?? cameras.find(({ folders }) => folders.some(isSameName));
  return found && findCameraWithProperty(knex, found.id);
}

export async function listMovingCameras(knex: Knex): Promise<string[]> {
  return knex('cameras').where({ moving: true }).orderBy('id').pluck<string[]>('id');
}
