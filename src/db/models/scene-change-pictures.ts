import type { Knex } from 'knex';

/** One row of `scene_change_pictures`, as stored. */
export type SceneChangePictureRow = { scene_change_id: number; reference: Buffer | null; changed: Buffer | null };

/** A picture that is not given stays as it is. */
export async function saveSceneChangePictures(trx: Knex.Transaction, pictures: SceneChangePictureRow): Promise<void> {
  await trx.raw(
    `INSERT INTO scene_change_pictures AS p (scene_change_id, reference, changed) VALUES (:scene_change_id, :reference, :changed)
     ON CONFLICT (scene_change_id)
     DO UPDATE SET reference = coalesce(excluded.reference, p.reference), changed = coalesce(excluded.changed, p.changed)`,
    { ...pictures },
  );
}

export async function findSceneChangePictures(knex: Knex, id: number): Promise<SceneChangePictureRow | undefined> {
  return knex<SceneChangePictureRow>('scene_change_pictures').where({ scene_change_id: id }).first();
}
