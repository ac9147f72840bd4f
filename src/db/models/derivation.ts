import type { Knex } from 'knex';

import type { CameraInterval, DerivationDetectionRow } from './detections.ts';

/** `version` is another one after every change of the row. */
export type UnderivedFileRow = { id: number; derive_from: Date; derive_until: Date; version: string };

/** Cameras with footage that tracks and events do not reflect yet. */
export async function findUnderivedCameras(knex: Knex): Promise<string[]> {
  return knex('media_files').whereNotNull('derive_from').distinct().orderBy('camera_id').pluck<string[]>('camera_id');
}

/** The earliest footage of a camera that tracks and events do not reflect yet. */
export async function findUnderivedFiles(knex: Knex, options: { cameraId: string; limit: number }): Promise<UnderivedFileRow[]> {
  return knex('media_files')
    .where('camera_id', options.cameraId)
    .whereNotNull('derive_from')
    .orderBy(['derive_from', 'id'])
    .limit(options.limit)
    .select<UnderivedFileRow[]>('id', 'derive_from', 'derive_until', knex.raw('xmin::text AS version'));
}

/** Not those that were looked at once more since they were read: what was derived of them is of before. */
export async function markDerived(trx: Knex.Transaction, files: readonly UnderivedFileRow[]): Promise<void> {
  await trx.raw(
    `UPDATE media_files f SET derive_from = NULL, derive_until = NULL
       FROM unnest(?::bigint[], ?::text[]) AS derived (id, version)
      WHERE f.id = derived.id AND f.xmin::text = derived.version`,
    [files.map(({ id }) => id), files.map(({ version }) => version)],
  );
}

/**
 * Marks footage of a camera that showed something, all of it or that of a span, so that its tracks and events are derived again; returns
 * how many files.
 */
export async function markCameraForDerivation(
  trx: Knex.Transaction,
  cameraId: string,
  span: { since?: Date | undefined; until?: Date | undefined } = {},
): Promise<number> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `UPDATE media_files f
        SET derive_from = least(derive_from, captured_at), derive_until = greatest(derive_until, ended_at, captured_at)
      WHERE camera_id = :cameraId AND processed_at IS NOT NULL
        AND coalesce(f.ended_at, f.captured_at) >= coalesce(:since::timestamptz, '-infinity')
        AND f.captured_at < coalesce(:until::timestamptz, 'infinity')
        AND EXISTS (
        SELECT FROM detections d
         WHERE d.media_file_id = f.id AND d.detected_at BETWEEN f.captured_at AND coalesce(f.ended_at, f.captured_at))`,
    { cameraId, since: span.since ?? null, until: span.until ?? null },
  );
  return rowCount;
}

/** One derivation of a camera at a time, also across processes; held until the transaction ends. */
export async function lockCameraDerivation(trx: Knex.Transaction, cameraId: string): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [`hs:derive:${cameraId}`]);
}

/** Nothing derives these cameras until the transaction ends; any number of others may read them, too. */
export async function keepCamerasDerived(trx: Knex.Transaction, cameraIds: readonly string[]): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock_shared(hashtextextended(k, 0)) FROM unnest(?::text[]) AS k', [
    [...new Set(cameraIds)].sort().map((id) => `hs:derive:${id}`),
  ]);
}

/** Whether a camera has stills in an interval. */
export async function hasStills(knex: Knex, interval: CameraInterval): Promise<boolean> {
  const row = await knex('media_files')
    .where({ camera_id: interval.cameraId, media_type: 'image' })
    .whereBetween('captured_at', [interval.from, interval.until])
    .first<{ id: number } | undefined>('id');
  return row !== undefined;
}

export type SpanTable = 'tracks' | 'events';
type SpanRow = { started: Date; ended: Date };

const SPAN_COLUMNS = {
  tracks: { started: 'first_seen', ended: 'closed_at' },
  events: { started: 'started_at', ended: 'ended_at' },
} as const;

type SpanOptions = { cameraId: string; table: SpanTable; offset: number; limit: number };

/** Spans that begin before an instant, the one that ends last first. */
export async function findSpansBefore(knex: Knex, options: SpanOptions & { before: Date }): Promise<SpanRow[]> {
  const { started, ended } = SPAN_COLUMNS[options.table];
  return knex(options.table)
    .select({ started, ended })
    .where('camera_id', options.cameraId)
    .where(started, '<', options.before)
    .orderBy([
      { column: ended, order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(options.limit)
    .offset(options.offset);
}

/** Spans that end after an instant, the one that begins first first. */
export async function findSpansAfter(knex: Knex, options: SpanOptions & { after: Date }): Promise<SpanRow[]> {
  const { started, ended } = SPAN_COLUMNS[options.table];
  return knex(options.table)
    .select({ started, ended })
    .where('camera_id', options.cameraId)
    .where(ended, '>', options.after)
    .orderBy([started, 'id'])
    .limit(options.limit)
    .offset(options.offset);
}

/** Non-static detections of confirmed tracks in an interval, in footage order: what events outside a window consist of. */
export async function findTrackedDetections(knex: Knex, interval: CameraInterval): Promise<DerivationDetectionRow[]> {
  const { rows } = await knex.raw<{ rows: DerivationDetectionRow[] }>(
    `SELECT d.id, d.detected_at, d.media_file_id, f.content_sha256, d.frame_offset_ms, d.object_type, d.confidence,
            d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.video_width, d.video_height, d.media_type,
            f.time_ambiguous, d.track_id, d.is_static
       FROM detections d
       JOIN media_files f ON f.id = d.media_file_id
       JOIN tracks t ON t.id = d.track_id AND t.confirmed
      WHERE d.camera_id = ? AND d.detected_at BETWEEN ? AND ? AND NOT d.is_static
      ORDER BY d.detected_at, f.content_sha256, d.frame_offset_ms, d.id`,
    [interval.cameraId, interval.from, interval.until],
  );
  return rows;
}

/** Footage time at which the newest analysed file of a camera starts. */
export async function newestFootage(knex: Knex, cameraId: string): Promise<Date | undefined> {
  const row = await knex('media_files')
    .where('camera_id', cameraId)
    .whereNotNull('processed_at')
    .orderBy('captured_at', 'desc')
    .first<{ captured_at: Date } | undefined>('captured_at');
  return row?.captured_at;
}

export async function analyseDetections(knex: Knex): Promise<void> {
  await knex.raw('ANALYZE detections');
}
