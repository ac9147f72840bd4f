import type { Knex } from 'knex';

import { ENDED, HAS_REASON, limitBindings, LIMITS, type CameraLimit } from './limits.ts';

/** `empty`: files that never showed anything · `all`: every file that was read to its end. */
export const ORIGINALS_CHOICES = ['empty', 'all'] as const;
export type OriginalsChoice = (typeof ORIGINALS_CHOICES)[number];

export type Original = { id: number; camera_id: string; path: string; content_sha256: string; size_bytes: number };

export type OriginalsQuery = { choice: OriginalsChoice; limits: readonly CameraLimit[] };

/** A clip of an event reaches so far beyond it. */
const CLIP_MARGIN = `interval '5 seconds'`;

const END = 'coalesce(f.ended_at, f.captured_at)';

/** What somebody may still want to see: footage of events that stay, and around them. Footage with work to be done is not done. */
const UNUSED = `
  WITH l AS MATERIALIZED (SELECT * FROM ${LIMITS}),
  staying AS MATERIALIZED (
    SELECT e.camera_id, e.started_at - ${CLIP_MARGIN} AS started_at, ${ENDED} + ${CLIP_MARGIN} AS ended_at
      FROM events e JOIN l USING (camera_id)
     WHERE e.started_at - ${CLIP_MARGIN} < l.before AND (${ENDED} >= l.before OR ${HAS_REASON}))
  SELECT f.id, f.camera_id, f.path, f.content_sha256, f.size_bytes
    FROM media_files f JOIN l USING (camera_id)
   WHERE f.status = 'done' AND f.original_removed_at IS NULL AND f.enrichments_due IS NULL AND f.derive_from IS NULL AND ${END} < l.before
     AND NOT EXISTS (SELECT FROM staying s WHERE s.camera_id = f.camera_id AND s.started_at <= ${END} AND s.ended_at >= f.captured_at)`;

const SHOWED_NOTHING = `
     AND f.pruned_at IS NULL
     AND NOT EXISTS (SELECT FROM detections d WHERE d.media_file_id = f.id AND d.detected_at BETWEEN f.captured_at AND ${END})`;

/** Originals that may go, in the order of the ledger. */
export async function findUnusedOriginals(
  knex: Knex,
  { choice, limits }: OriginalsQuery,
  page: { afterId: number; limit: number },
): Promise<Original[]> {
  const { rows } = await knex.raw<{ rows: Original[] }>(
    `${UNUSED} ${choice === 'empty' ? SHOWED_NOTHING : ''} AND f.id > :afterId ORDER BY f.id LIMIT :limit`,
    { ...limitBindings(limits), ...page },
  );
  return rows;
}

/** Files that were read and that retention did not remove, and those of them over age. */
export async function countOriginals(knex: Knex, limits: readonly CameraLimit[]): Promise<{ rows: number; over_age: number }> {
  const { rows } = await knex.raw<{ rows: [{ rows: number; over_age: number }] }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ${END} < l.before) AS over_age
       FROM media_files f LEFT JOIN ${LIMITS} USING (camera_id) WHERE f.status IN ('done', 'partial') AND f.original_removed_at IS NULL`,
    limitBindings(limits),
  );
  return rows[0];
}

/** Says that retention removed the file; what was seen in it stays. */
export async function markOriginalRemoved(trx: Knex.Transaction, id: number): Promise<void> {
  await trx('media_files').where({ id }).update({ original_removed_at: trx.fn.now() });
}
