import type { Knex } from 'knex';

import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import type { SceneState } from '../../domain/scene/scene-monitor.ts';

/** When each reference was taken and how often it was adapted since; null where there is none. */
export type ReferenceFacts = Record<SceneMode, { takenAtMs: number; adaptions: number } | null>;

/** One row of `scene_checkpoints`, as stored. */
export type SceneCheckpointRow = {
  camera_id: string;
  reached_at: Date;
  looks: number;
  /** `isBase`: what lay before was removed, and looks from then no longer count. */
  state: { scene: SceneState; references: ReferenceFacts; isBase?: true };
  day_reference: Buffer | null;
  ir_reference: Buffer | null;
};

/** Of a checkpoint by its alias, as SQL. */
export function isNoBase(alias: string): string {
  return `${alias}.state->>'isBase' IS NULL`;
}

/** One checkpoint per camera and moment. */
export async function saveSceneCheckpoint(trx: Knex.Transaction, checkpoint: SceneCheckpointRow): Promise<void> {
  await trx('scene_checkpoints')
    .insert({ ...checkpoint, state: JSON.stringify(checkpoint.state) })
    .onConflict(['camera_id', 'reached_at'])
    .merge();
}

/** The newest one of a camera; with `before` the newest that was reached before then. */
export async function findSceneCheckpoint(
  knex: Knex,
  { cameraId, before }: { cameraId: string; before?: Date },
): Promise<SceneCheckpointRow | undefined> {
  const query = knex<SceneCheckpointRow>('scene_checkpoints').where({ camera_id: cameraId }).orderBy('reached_at', 'desc');
  if (before !== undefined) void query.where('reached_at', '<', before);
  return query.first();
}

/** Those reached after one moment and up to another, the earliest first. */
export async function findSceneCheckpoints(
  trx: Knex.Transaction,
  { cameraId, after, until }: { cameraId: string; after: Date | null; until: Date },
): Promise<SceneCheckpointRow[]> {
  const query = trx<SceneCheckpointRow>('scene_checkpoints')
    .where({ camera_id: cameraId })
    .where('reached_at', '<=', until)
    .orderBy('reached_at');
  return after === null ? query : query.where('reached_at', '>', after);
}

export async function deleteSceneCheckpoint(trx: Knex.Transaction, { camera_id, reached_at }: SceneCheckpointRow): Promise<void> {
  await trx('scene_checkpoints').where({ camera_id, reached_at }).delete();
}

/** Keeps bases and the last of each so many looks, of those before `denseFrom` the last of each hundred times as many. */
export async function thinSceneCheckpoints(
  trx: Knex.Transaction,
  { cameraId, step, denseFrom }: { cameraId: string; step: number; denseFrom: Date | null },
): Promise<void> {
  await trx.raw(
    `DELETE FROM scene_checkpoints c WHERE c.camera_id = :cameraId AND ${isNoBase('c')} AND EXISTS (
       SELECT FROM scene_checkpoints n
        WHERE n.camera_id = c.camera_id AND n.reached_at > c.reached_at AND (:denseFrom::timestamptz IS NULL OR c.reached_at <> :denseFrom)
          AND n.looks / CASE WHEN c.reached_at < :denseFrom THEN 100 * :step::bigint ELSE :step END
            = c.looks / CASE WHEN c.reached_at < :denseFrom THEN 100 * :step::bigint ELSE :step END)`,
    { cameraId, step, denseFrom },
  );
}
