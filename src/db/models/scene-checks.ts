import type { Knex } from 'knex';

import type { BoxXywh } from '../../domain/box.ts';
import type { SceneMode } from '../../domain/scene/scene-luma.ts';
import type { StoredMeasure } from '../../domain/scene/scene-watch.ts';
import { isNoBase } from './scene-checkpoints.ts';

/** One row of `scene_checks`, as stored. Numbers are null until they are measured, and in a look that does not count. */
export type SceneCheckRow = {
  id: number;
  camera_id: string;
  media_file_id: number;
  frame_offset_ms: number;
  checked_at: Date;
  mode: SceneMode;
  frame_width: number;
  frame_height: number;
  passing: PassingObject[] | null;
  picture: Buffer | null;
  judged: boolean;
  similarity: number | null;
  mean: number | null;
  deviation: number | null;
  sharpness: number | null;
  reference_sharpness: number | null;
  difference: number | null;
};

type PassingObject = { label: string; box: BoxXywh };

/** A look of a finished file. `picture` is a grey JPEG. */
export type NewSceneCheck = {
  fileId: number;
  offsetMs: number;
  mode: SceneMode;
  frameWidth: number;
  frameHeight: number;
  passing: PassingObject[];
  picture: Uint8Array;
};

/** Camera and footage time come from the ledger. */
export async function insertSceneChecks(trx: Knex.Transaction, checks: readonly NewSceneCheck[]): Promise<void> {
  if (checks.length === 0) return;
  const column = <K extends keyof NewSceneCheck>(key: K): NewSceneCheck[K][] => checks.map((check) => check[key]);
  await trx.raw(
    `INSERT INTO scene_checks (camera_id, media_file_id, frame_offset_ms, checked_at, mode, frame_width, frame_height, passing, picture)
     SELECT f.camera_id, f.id, n.offset_ms, f.captured_at + n.offset_ms * interval '1 millisecond', n.mode, n.width, n.height, n.passing, n.picture
       FROM unnest(?::bigint[], ?::integer[], ?::text[], ?::integer[], ?::integer[], ?::jsonb[], ?::bytea[])
            AS n(file_id, offset_ms, mode, width, height, passing, picture)
       JOIN media_files f ON f.id = n.file_id`,
    [
      column('fileId'),
      column('offsetMs'),
      column('mode'),
      column('frameWidth'),
      column('frameHeight'),
      checks.map(({ passing }) => (passing.length === 0 ? null : JSON.stringify(passing))) as string[],
      checks.map(({ picture }) => Buffer.from(picture)) as unknown as string[],
    ],
  );
}

/**
 * Removes the looks of files that are read again or forgotten. The looks beside them are judged again, and with the last look of a
 * camera goes what was found on it.
 */
export async function removeSceneChecks(trx: Knex.Transaction, fileIds: readonly number[]): Promise<void> {
  const ids = [...fileIds];
  const gone = await trx('scene_checks')
    .whereIn('media_file_id', ids)
    .select<Pick<SceneCheckRow, 'camera_id' | 'checked_at'>[]>('camera_id', 'checked_at');
  if (gone.length === 0) return;
  const beside = (condition: string, order: string): string =>
    `(SELECT o.id FROM scene_checks o WHERE o.camera_id = g.camera_id AND o.media_file_id <> ALL (:ids) AND o.checked_at ${condition}
       ORDER BY o.checked_at ${order}, o.id LIMIT 1)`;
  await trx.raw(
    `WITH g AS (SELECT camera_id, min(checked_at) AS first FROM scene_checks WHERE media_file_id = ANY (:ids) GROUP BY 1)
     UPDATE scene_checks n SET judged = false
       FROM g WHERE n.id IN (${beside('<= g.first', 'DESC')}, ${beside('>= g.first', '')})`,
    { ids: ids as unknown as Knex.RawBinding },
  );
  await trx.raw(
    `DELETE FROM scene_checkpoints p USING scene_checks s
      WHERE s.media_file_id = ANY (?::bigint[]) AND p.camera_id = s.camera_id AND p.reached_at = s.checked_at AND ${isNoBase('p')}`,
    [ids],
  );
  await trx('scene_checks').whereIn('media_file_id', ids).delete();
  for (const cameraId of new Set(gone.map((check) => check.camera_id))) await forgetUnseen(trx, cameraId);
}

async function forgetUnseen(trx: Knex.Transaction, cameraId: string): Promise<void> {
  const unseen = trx('scene_checks').where('camera_id', cameraId).select(trx.raw('1'));
  const base = trx('scene_checkpoints as p').whereRaw(`p.camera_id = scene_changes.camera_id AND NOT (${isNoBase('p')})`);
  await trx('scene_changes')
    .where('camera_id', cameraId)
    .whereNotExists(unseen.clone())
    .whereNotExists(base.whereRaw('scene_changes.detected_at <= p.reached_at').select(trx.raw('1')))
    .delete();
  await trx('scene_checkpoints as p').where('camera_id', cameraId).whereRaw(isNoBase('p')).whereNotExists(unseen).delete();
}

/** Looks of footage that came after everything of its age was removed no longer count, and go. */
export async function settleLateLooks(trx: Knex.Transaction, cameraId: string): Promise<void> {
  const base = `(SELECT max(p.reached_at) FROM scene_checkpoints p WHERE p.camera_id = :cameraId AND NOT (${isNoBase('p')}))`;
  await trx.raw(`DELETE FROM scene_checks WHERE camera_id = :cameraId AND NOT judged AND checked_at < ${base}`, { cameraId });
  await trx.raw(`UPDATE scene_checks SET judged = true WHERE camera_id = :cameraId AND NOT judged AND checked_at = ${base}`, { cameraId });
}

/** All looks of a camera that are left are judged again. */
export async function judgeAgain(trx: Knex.Transaction, cameraId: string): Promise<void> {
  await trx('scene_checks').where({ camera_id: cameraId, judged: true }).update({ judged: false });
  await trx('scene_checkpoints as p').where({ camera_id: cameraId }).whereRaw(isNoBase('p')).delete();
}

/**
 * Of these files those whose minute is begun by an earlier file of the camera. Looked up file by file: joined with all files of the
 * camera it took 134 ms for 64 of 6,000 stills, and longer with every still.
 */
export async function findBegunMinutes(knex: Knex, { ids, slotMs }: { ids: readonly number[]; slotMs: number }): Promise<Set<number>> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    `SELECT n.id FROM media_files n CROSS JOIN LATERAL (
       SELECT FROM media_files f
        WHERE f.camera_id = n.camera_id AND f.status IN ('pending', 'processing', 'done')
          AND f.captured_at >= date_bin(? * interval '1 millisecond', n.captured_at, timestamptz 'epoch')
          AND f.captured_at <= n.captured_at AND (f.captured_at, f.content_sha256) < (n.captured_at, n.content_sha256)
        ORDER BY f.captured_at LIMIT 1) AS earlier
      WHERE n.id = ANY (?::bigint[])`,
    [slotMs, [...ids]],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Cameras with looks that the findings do not reflect yet. */
export async function findUnjudgedCameras(knex: Knex): Promise<string[]> {
  return knex('scene_checks').where({ judged: false }).distinct().orderBy('camera_id').pluck<string[]>('camera_id');
}

/** Footage time of the first look of a camera that is still to be judged, and of the last one that was. */
export async function findUnjudgedSpan(
  trx: Knex.Transaction,
  cameraId: string,
): Promise<{ from: Date; judgedUntil: Date | null } | undefined> {
  const [row] = await trx('scene_checks')
    .where({ camera_id: cameraId })
    .select<{ from: Date | null; judged_until: Date | null }[]>(
      trx.raw('min(checked_at) FILTER (WHERE NOT judged) AS "from"'),
      trx.raw('max(checked_at) FILTER (WHERE judged) AS judged_until'),
    );
  return row?.from ? { from: row.from, judgedUntil: row.judged_until } : undefined;
}

/** Where a page of looks ended. */
export type SceneCursor = { at: Date; sha256: string; offsetMs: number };

export type SceneCheckToJudge = SceneCheckRow & { content_sha256: string; path: string };

/** Looks of a camera in the order of footage, after a place and before a time. */
export async function findSceneChecks(
  trx: Knex.Transaction,
  options: { cameraId: string; after: SceneCursor | null; before?: Date | undefined; limit: number },
): Promise<SceneCheckToJudge[]> {
  const { cameraId, after, before, limit } = options;
  const query = trx('scene_checks as s')
    .join('media_files as f', 'f.id', 's.media_file_id')
    .where('s.camera_id', cameraId)
    .orderBy(['s.checked_at', 'f.content_sha256', 's.frame_offset_ms', 's.id'])
    .limit(limit)
    .select<SceneCheckToJudge[]>('s.*', 'f.content_sha256', 'f.path');
  if (after !== null) {
    void query.where('s.checked_at', '>=', after.at);
    void query.whereRaw('(s.checked_at, f.content_sha256, s.frame_offset_ms) > (?, ?, ?)', [after.at, after.sha256, after.offsetMs]);
  }
  if (before !== undefined) void query.where('s.checked_at', '<', before);
  return query;
}

export async function saveSceneMeasures(
  trx: Knex.Transaction,
  measures: readonly { id: number; measure: StoredMeasure | null }[],
): Promise<void> {
  const column = (key: keyof StoredMeasure): (number | null)[] => measures.map(({ measure }) => measure?.[key] ?? null);
  const numbers = (key: keyof StoredMeasure): number[] => column(key) as number[];
  await trx.raw(
    `UPDATE scene_checks s
        SET judged = true, similarity = m.similarity, mean = m.mean, deviation = m.deviation, sharpness = m.sharpness,
            reference_sharpness = m.reference_sharpness, difference = m.difference
       FROM unnest(?::bigint[], ?::double precision[], ?::double precision[], ?::double precision[], ?::double precision[],
                   ?::double precision[], ?::double precision[])
            AS m(id, similarity, mean, deviation, sharpness, reference_sharpness, difference)
      WHERE s.id = m.id`,
    [
      measures.map(({ id }) => id),
      numbers('similarity'),
      numbers('mean'),
      numbers('deviation'),
      numbers('sharpness'),
      numbers('referenceSharpness'),
      numbers('difference'),
    ],
  );
}

/** The newest look that counts, up to a time (included) and of a mode where these are given. */
export async function findNewestSceneCheck(
  knex: Knex,
  { cameraId, until, mode }: { cameraId: string; until?: Date; mode?: SceneMode },
): Promise<SceneCheckRow | undefined> {
  const query = knex<SceneCheckRow>('scene_checks')
    .where({ camera_id: cameraId, judged: true })
    .whereNotNull('mean')
    .orderBy('checked_at', 'desc');
  if (until !== undefined) void query.where('checked_at', '<=', until);
  if (mode !== undefined) void query.where({ mode });
  return query.first();
}

/** Time of the look that so many newer ones with a picture follow. */
export async function findPictureHorizon(knex: Knex, { cameraId, kept }: { cameraId: string; kept: number }): Promise<Date | undefined> {
  const row = await knex('scene_checks')
    .where({ camera_id: cameraId })
    .whereNotNull('picture')
    .orderBy('checked_at', 'desc')
    .offset(kept)
    .first<{ checked_at: Date } | undefined>('checked_at');
  return row?.checked_at;
}

/** Gives up the pictures of judged looks before a time. */
export async function dropScenePictures(trx: Knex.Transaction, { cameraId, before }: { cameraId: string; before: Date }): Promise<void> {
  await trx('scene_checks')
    .where({ camera_id: cameraId, judged: true })
    .where('checked_at', '<', before)
    .whereNotNull('picture')
    .update({ picture: null });
}
