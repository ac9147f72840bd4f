import type { Knex } from 'knex';

import type { DetectionChild } from '../queries/detection-children.ts';
import { ENDED, HAS_REASON, type CameraLimit } from '../queries/retention/limits.ts';
import { deleteEvents } from './event-deletion.ts';

/** Says that what was seen before this instant is no longer complete, where there was footage; it only moves forward. */
export async function markPruned(knex: Knex, { cameraId, before }: CameraLimit): Promise<void> {
  await knex('cameras')
    .where({ id: cameraId })
    .whereRaw('pruned_until IS DISTINCT FROM greatest(pruned_until, ?)', [before])
    .whereExists(knex('media_files').whereRaw('camera_id = cameras.id AND captured_at < ?', [before]))
    .update({ pruned_until: before });
}

/** Tables with rows about events, of which nothing is left when the event goes. */
export const EVENT_CHILDREN = [
  'event_detections',
  'alerts',
  'due_alerts',
  'event_audits',
  'event_feedback',
  'evidence_holds',
  'llm_interactions',
] as const;

export type LockedEvents = { found: number; ids: number[] };

/**
 * The next events over age that nothing keeps, the oldest first, locked until the transaction ends. While the lock was waited for somebody may
 * have come to want one kept: `ids` leaves it out.
 */
export async function lockExpiredEvents(trx: Knex.Transaction, { cameraId, before }: CameraLimit, limit: number): Promise<LockedEvents> {
  const { rows } = await trx.raw<{ rows: { id: number }[] }>(
    `SELECT e.id FROM events e
      WHERE e.camera_id = :cameraId AND e.started_at < :before AND ${ENDED} < :before AND NOT ${HAS_REASON}
      ORDER BY e.started_at, e.id LIMIT :limit FOR UPDATE`,
    { cameraId, before, limit },
  );
  const ids = await trx('events as e')
    .whereRaw('e.id = ANY (?::bigint[])', [rows.map(({ id }) => id)])
    .whereRaw(`NOT ${HAS_REASON}`)
    .pluck<number[]>('e.id');
  return { found: rows.length, ids };
}

/** Deletes events with all that is about them; returns the paths of their clips. */
export async function deleteEventRows(trx: Knex.Transaction, ids: readonly number[]): Promise<string[]> {
  for (const table of EVENT_CHILDREN)
    await trx(table)
      .whereRaw('event_id = ANY (?::bigint[])', [[...ids]])
      .delete();
  return deleteEvents(trx, ids);
}

export type ExpiredTrack = { id: number; first_seen: Date; last_seen: Date; detection_count: number };

/** Where a walk through rows in footage order stands: rows that stay are not looked at again. */
export type Place = { at: Date; id: number };

type Page = CameraLimit & { after: Place | undefined; limit: number };

/** The next tracks that are over age and have no part in an event that is left, in footage order. */
export async function findExpiredTracks(knex: Knex, { cameraId, before, after, limit }: Page): Promise<ExpiredTrack[]> {
  const { rows } = await knex.raw<{ rows: ExpiredTrack[] }>(
    `SELECT t.id, t.first_seen, t.last_seen, t.detection_count FROM tracks t
      WHERE t.camera_id = :cameraId AND t.first_seen < :before AND t.last_seen < :before AND (t.first_seen, t.id) > (:at, :id)
        AND NOT EXISTS (
          SELECT FROM detections d JOIN event_detections m ON m.detection_id = d.id AND m.detected_at = d.detected_at
           WHERE d.camera_id = t.camera_id AND d.detected_at BETWEEN t.first_seen AND t.last_seen AND d.track_id = t.id)
      ORDER BY t.first_seen, t.id LIMIT :limit`,
    { cameraId, before, limit, at: after?.at ?? '-infinity', id: after?.id ?? 0 },
  );
  return rows;
}

export type ExpiredDetection = { id: number; detected_at: Date; media_file_id: number | null };

/** Detections of tracks of one camera, whatever their number. */
export async function findDetectionsOfTracks(knex: Knex, cameraId: string, tracks: readonly ExpiredTrack[]): Promise<ExpiredDetection[]> {
  const [from, until] = [tracks.map((track) => track.first_seen), tracks.map((track) => track.last_seen)];
  return knex('detections')
    .select<ExpiredDetection[]>('id', 'detected_at', 'media_file_id')
    .where('camera_id', cameraId)
    .whereBetween('detected_at', [earliest(from), latest(until)])
    .whereRaw('track_id = ANY (?::integer[])', [tracks.map(({ id }) => id)]);
}

export async function deleteTrackRows(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await trx('tracks')
    .whereRaw('id = ANY (?::integer[])', [[...ids]])
    .delete();
}

/** The next detections over age that belong to no track and to no event that is left, in footage order. */
export async function findExpiredDetections(knex: Knex, { cameraId, before, after, limit }: Page): Promise<ExpiredDetection[]> {
  const { rows } = await knex.raw<{ rows: ExpiredDetection[] }>(
    `SELECT d.id, d.detected_at, d.media_file_id FROM detections d
      WHERE d.camera_id = :cameraId AND d.detected_at >= :at AND d.detected_at < :before AND (d.detected_at, d.id) > (:at, :id)
        AND NOT EXISTS (SELECT FROM tracks t WHERE t.id = d.track_id)
        AND NOT EXISTS (SELECT FROM event_detections m WHERE m.detection_id = d.id AND m.detected_at = d.detected_at)
      ORDER BY d.detected_at, d.id LIMIT :limit`,
    { cameraId, before, limit, at: after?.at ?? '-infinity', id: after?.id ?? 0 },
  );
  return rows;
}

/** Deletes detections, first what hangs on them, and tells the ledger that their files showed more once. */
export async function deleteDetectionRows(
  trx: Knex.Transaction,
  rows: readonly ExpiredDetection[],
  children: readonly DetectionChild[],
): Promise<void> {
  const ids = rows.map(({ id }) => id);
  const times = rows.map(({ detected_at: at }) => at);
  await trx('entities').whereRaw('primary_detection_id = ANY (?::bigint[])', [ids]).update({ primary_detection_id: null });
  for (const child of children) await clearChild(trx, child, ids);
  await markFilesPruned(trx, [...new Set(rows.flatMap(({ media_file_id: id }) => id ?? []))]);
  await trx.raw(
    `DELETE FROM detections d USING unnest(?::bigint[], ?::timestamptz[]) AS u(id, at)
      WHERE d.id = u.id AND d.detected_at = u.at AND d.detected_at BETWEEN ? AND ?`,
    [ids, times.map((at) => at.toISOString()), earliest(times), latest(times)],
  );
}

/** Ids are those of one sequence: they alone say which rows. */
async function clearChild(trx: Knex.Transaction, child: DetectionChild, ids: readonly number[]): Promise<void> {
  const column = child.columns[child.referenced.indexOf('id')] ?? 'detection_id';
  const query = trx(child.table).whereRaw('?? = ANY (?::bigint[])', [column, [...ids]]);
  await (child.onDelete === 'delete' ? query.delete() : query.update(Object.fromEntries(child.columns.map((name) => [name, null]))));
}

async function markFilesPruned(trx: Knex.Transaction, fileIds: readonly number[]): Promise<void> {
  await trx('media_files')
    .whereIn('id', [...fileIds])
    .whereNull('pruned_at')
    .update({ pruned_at: trx.fn.now() });
}

/** The same for all files with detections in a monthly table. */
export async function markFilesOfMonth(trx: Knex.Transaction, name: string): Promise<void> {
  await trx.raw(
    `UPDATE media_files SET pruned_at = now()
      WHERE pruned_at IS NULL AND id IN (SELECT media_file_id FROM ONLY ?? WHERE media_file_id IS NOT NULL)`,
    [name],
  );
}

function earliest(times: readonly Date[]): Date {
  return times.reduce((a, b) => (a < b ? a : b), times[0] ?? new Date(0));
}

function latest(times: readonly Date[]): Date {
  return times.reduce((a, b) => (a > b ? a : b), times[0] ?? new Date(0));
}
