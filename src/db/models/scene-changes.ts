import type { Knex } from 'knex';

import type { SceneChangeType } from '../../domain/enums.ts';
import type { SceneReason } from '../../domain/scene/judge-scene.ts';
import type { SceneMode } from '../../domain/scene/scene-luma.ts';

/** One row of `scene_changes`, as stored. */
export type SceneChangeRow = {
  id: number;
  camera_id: string;
  detected_at: Date;
  change_type: SceneChangeType;
  /** SSIM, 0–1; 1 = identical. */
  similarity_score: number;
  acknowledged: boolean;
  acknowledged_at: Date | null;
  file_path: string | null;
  /** Why, beside the similarity. */
  reason: SceneReason | null;
  mode: SceneMode | null;
  /** Footage time from which on all was well again. */
  ended_at: Date | null;
  /** When somebody was told. */
  notified_at: Date | null;
};

export type NewSceneChange = Pick<SceneChangeRow, 'camera_id' | 'detected_at' | 'change_type' | 'similarity_score' | 'file_path'> &
  Partial<Pick<SceneChangeRow, 'reason' | 'mode' | 'ended_at'>>;

export type SceneChangeFilters = {
  cameraIds?: readonly string[];
  acknowledged?: boolean;
  /** Footage time, included. */
  since?: Date;
  /** Footage time, excluded. */
  until?: Date;
};

/** One change per camera and moment: footage processed again updates it and leaves its acknowledgement. */
export async function upsertSceneChange(knex: Knex, change: NewSceneChange): Promise<SceneChangeRow> {
  const [row] = await knex('scene_changes')
    .insert(change)
    .onConflict(['camera_id', 'detected_at'])
    .merge()
    .returning<SceneChangeRow[]>('*');
  if (row === undefined) throw new Error('the scene change was not stored');
  return row;
}

/** Newest footage first. */
export async function listSceneChanges(
  knex: Knex,
  options: { filters?: SceneChangeFilters; limit?: number } = {},
): Promise<SceneChangeRow[]> {
  const { cameraIds, acknowledged, since, until } = options.filters ?? {};
  const query = knex<SceneChangeRow>('scene_changes').select('*').orderBy('detected_at', 'desc').orderBy('id', 'desc');
  if (cameraIds !== undefined) void query.whereIn('camera_id', [...cameraIds]);
  if (acknowledged !== undefined) void query.where({ acknowledged });
  if (since !== undefined) void query.where('detected_at', '>=', since);
  if (until !== undefined) void query.where('detected_at', '<', until);
  return options.limit === undefined ? query : query.limit(options.limit);
}

/** The acknowledged row, or undefined when there is no such change. Acknowledging again keeps the first time. */
export async function acknowledgeSceneChange(knex: Knex, id: number): Promise<SceneChangeRow | undefined> {
  const [row] = await knex('scene_changes')
    .where({ id })
    .update({ acknowledged: true, acknowledged_at: knex.raw('coalesce(acknowledged_at, now())') })
    .returning<SceneChangeRow[]>('*');
  return row;
}

/** Neither acknowledged nor over. */
export async function countOpenSceneChanges(knex: Knex, { runId }: { runId: string }): Promise<number> {
  const touched = knex('media_files').where({ run_id: runId }).select('camera_id');
  const [row] = await knex('scene_changes')
    .where({ acknowledged: false, ended_at: null })
    .whereIn('camera_id', touched)
    .count<{ count: number }[]>();
  return row?.count ?? 0;
}

/** The row, locked until the transaction ends. */
export async function lockSceneChange(trx: Knex.Transaction, id: number): Promise<SceneChangeRow | undefined> {
  return trx<SceneChangeRow>('scene_changes').where({ id }).forUpdate().first();
}

export async function findSceneChangeAt(knex: Knex, { cameraId, at }: { cameraId: string; at: Date }): Promise<SceneChangeRow | undefined> {
  return knex<SceneChangeRow>('scene_changes').where({ camera_id: cameraId, detected_at: at }).first();
}

export async function updateSceneChange(
  trx: Knex.Transaction,
  id: number,
  patch: Partial<Pick<SceneChangeRow, 'acknowledged' | 'acknowledged_at' | 'ended_at'>>,
): Promise<void> {
  if (Object.keys(patch).length > 0) await trx('scene_changes').where({ id }).update(patch);
}

type StaleOptions = { cameraId: string; from: Date | null; until: Date; found: readonly Date[] };

/**
 * Deletes changes of a span of footage that were not found again; one that a user acknowledged hands that on to what was found in its
 * place.
 */
export async function deleteStaleSceneChanges(trx: Knex.Transaction, { cameraId, from, until, found }: StaleOptions): Promise<void> {
  await trx.raw(
    `WITH stale AS (DELETE FROM scene_changes s
                     WHERE s.camera_id = :cameraId AND (:from::timestamptz IS NULL OR s.detected_at >= :from) AND s.detected_at <= :until
                       AND s.detected_at <> ALL (:found::timestamptz[])
                     RETURNING s.*)
     UPDATE scene_changes n SET acknowledged = true, acknowledged_at = o.acknowledged_at
       FROM stale o
      WHERE n.camera_id = :cameraId AND n.detected_at = ANY (:found::timestamptz[]) AND o.acknowledged AND NOT n.acknowledged
        AND n.detected_at <= coalesce(o.ended_at, 'infinity') AND coalesce(n.ended_at, 'infinity') >= o.detected_at`,
    { cameraId, from, until, found: [...found] as unknown as Knex.RawBinding },
  );
}

/** The change of a camera that is neither acknowledged nor over ends; at the earliest when it began. */
export async function endOpenSceneChange(trx: Knex.Transaction, { cameraId, at }: { cameraId: string; at: Date }): Promise<void> {
  await trx('scene_changes')
    .where({ camera_id: cameraId, acknowledged: false, ended_at: null })
    .update({ ended_at: trx.raw('greatest(detected_at, ?)', [at]) });
}

/** Somebody was told of it. */
export async function markSceneChangeNotified(knex: Knex, id: number): Promise<void> {
  await knex('scene_changes').where({ id }).update({ notified_at: knex.fn.now() });
}
