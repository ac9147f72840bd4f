import type { Knex } from 'knex';

import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import type { SceneReferenceOrigin } from '../../domain/scene/scene-watch.ts';

/** One row of `scene_references`, as stored: how a user says the view should be. */
export type SceneReferenceRow = {
  id: number;
  camera_id: string;
  mode: SceneMode;
  origin: SceneReferenceOrigin;
  valid_from: Date;
  picture: Buffer | null;
  taken_at: Date | null;
  created_at: Date;
};

export async function insertSceneReference(
  trx: Knex.Transaction,
  reference: Omit<SceneReferenceRow, 'id' | 'created_at'>,
): Promise<SceneReferenceRow> {
  const [row] = await trx('scene_references').insert(reference).returning<SceneReferenceRow[]>('*');
  if (row === undefined) throw new Error('the reference was not stored');
  return row;
}

/** In the order they hold, from a footage time on (included). */
export async function findSceneReferences(
  knex: Knex,
  { cameraId, from }: { cameraId: string; from: Date | null },
): Promise<SceneReferenceRow[]> {
  const query = knex<SceneReferenceRow>('scene_references').where({ camera_id: cameraId }).orderBy(['valid_from', 'id']);
  return from === null ? query : query.where('valid_from', '>=', from);
}
