import type { Knex } from 'knex';

import type { SceneCheckpointRow } from '../../models/scene-checkpoints.ts';

/** Rows about the view of a camera from before a checkpoint: judging goes on from there without them. */
export type ExpiredLooks = { looks: number; checkpoints: number; references: number };

const OF_CAMERA = `camera_id = ? AND`;
const TABLES = [
  ['looks', 'scene_checks', `${OF_CAMERA} checked_at < ? AND judged`],
  ['checkpoints', 'scene_checkpoints', `${OF_CAMERA} reached_at < ?`],
  ['references', 'scene_references', `${OF_CAMERA} valid_from < ?`],
] as const;

type Place = { cameraId: string; before: Date };

export async function countLooks(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ count: number }] }>('SELECT count(*) FROM scene_checks');
  return rows[0].count;
}

export async function countExpiredLooks(knex: Knex, { cameraId, before }: Place): Promise<ExpiredLooks> {
  const counts = { looks: 0, checkpoints: 0, references: 0 };
  for (const [key, table, condition] of TABLES) {
    const [row] = await knex(table).whereRaw(condition, [cameraId, before]).count<{ count: number }[]>({ count: '*' });
    counts[key] = row?.count ?? 0;
  }
  return counts;
}

/** Deletes them; the checkpoint of that moment says from now on that nothing is left before it. */
export async function deleteExpiredLooks(trx: Knex.Transaction, { cameraId, before }: Place): Promise<ExpiredLooks> {
  const counts = { looks: 0, checkpoints: 0, references: 0 };
  for (const [key, table, condition] of TABLES) counts[key] = await trx(table).whereRaw(condition, [cameraId, before]).delete();
  await trx<SceneCheckpointRow>('scene_checkpoints')
    .where({ camera_id: cameraId, reached_at: before })
    .update({ state: trx.raw(`state || '{"isBase": true}'`) });
  return counts;
}
