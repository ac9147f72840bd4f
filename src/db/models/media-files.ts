import type { Knex } from 'knex';

import type { CapturedAtSource, MediaFileStatus, MediaType } from '../../domain/enums.ts';

export type TimeConfidence = 'exact' | 'minute' | 'low';
export type TimeWarning = { code: string; message: string };

/** One row of `media_files`, as stored. */
export type MediaFileRow = {
  id: number;
  camera_id: string;
  path: string;
  content_sha256: string | null;
  size_bytes: number;
  modified_at: Date;
  /** Of an object in object storage; null for a file. */
  object_etag: string | null;
  media_type: MediaType;
  captured_at: Date | null;
  captured_at_source: CapturedAtSource | null;
  ended_at: Date | null;
  time_ambiguous: boolean;
  time_zone: string | null;
  time_confidence: TimeConfidence | null;
  time_warnings: TimeWarning[] | null;
  duration_ms: number | null;
  width: number | null;
  height: number | null;
  codec: string | null;
  frame_rate: number | null;
  container_frames: number | null;
  frames_expected: number | null;
  frames_decoded: number | null;
  readable_fraction: number | null;
  analysed_offsets_ms: number[] | null;
  /** How long one worker process had it. */
  analysis_ms: number | null;
  status: MediaFileStatus;
  failure_code: string | null;
  failure_message: string | null;
  attempts: number;
  next_retry_at: Date | null;
  model_fingerprint: string | null;
  run_id: string | null;
  processed_at: Date | null;
  /** Footage interval that tracks and events do not reflect yet; null when they do. */
  derive_from: Date | null;
  derive_until: Date | null;
  /** Optional stages that are still to look at its tracks. */
  enrichments_due: string[] | null;
  first_seen_at: Date;
  last_seen_at: Date;
  /** Retention removed detections of it then: that it has none says nothing. */
  pruned_at: Date | null;
  /** Retention removed the file itself then. */
  original_removed_at: Date | null;
};

/** What the scanner knows of a file it puts into the ledger. */
export type ScannedFile = {
  camera_id: string;
  path: string;
  content_sha256: string | null;
  size_bytes: number;
  modified_at: Date;
  media_type: MediaType;
  status: MediaFileStatus;
  run_id: string;
} & Partial<
  Pick<
    MediaFileRow,
    | 'object_etag'
    | 'captured_at'
    | 'captured_at_source'
    | 'ended_at'
    | 'time_ambiguous'
    | 'time_zone'
    | 'time_confidence'
    | 'duration_ms'
    | 'width'
    | 'height'
    | 'codec'
    | 'frame_rate'
    | 'container_frames'
    | 'failure_code'
    | 'failure_message'
    | 'next_retry_at'
    | 'attempts'
  >
> & { time_warnings?: TimeWarning[] };

function toColumns(file: Partial<ScannedFile>): Record<string, unknown> {
  const { time_warnings: warnings, ...columns } = file;
  return warnings === undefined ? columns : { ...columns, time_warnings: JSON.stringify(warnings) };
}

/** Rows of these paths, the current one of a path last. */
export async function findMediaFilesByPath(knex: Knex, paths: readonly string[]): Promise<MediaFileRow[]> {
  return knex<MediaFileRow>('media_files')
    .whereIn('path', [...paths])
    .orderBy(['last_seen_at', 'id']);
}

export async function findMediaFilesByHash(knex: Knex, hashes: readonly string[]): Promise<MediaFileRow[]> {
  return knex<MediaFileRow>('media_files')
    .whereIn('content_sha256', [...hashes])
    .orderBy('id');
}

/** Inserts rows; one that another scan inserted meanwhile is left to the next run. Returns how many were inserted. */
export async function insertScannedFiles(knex: Knex, files: readonly ScannedFile[]): Promise<number> {
  if (files.length === 0) return 0;
  const rows = await knex('media_files').insert(files.map(toColumns)).onConflict().ignore().returning('id');
  return rows.length;
}

/** The file is at its path: if retention removed it once, it is back. */
export async function updateScannedFile(knex: Knex, id: number, patch: Partial<ScannedFile>): Promise<void> {
  await knex('media_files')
    .where({ id })
    .update({ ...toColumns(patch), last_seen_at: knex.fn.now(), original_removed_at: null });
}

/** Removes unhashed rows that turned out to be content the ledger knows already. */
export async function deleteUnhashedFiles(knex: Knex, ids: readonly number[]): Promise<void> {
  await knex('media_files')
    .whereIn('id', [...ids])
    .whereNull('content_sha256')
    .delete();
}

/** Puts files that still need work under this run, so that its workers claim them and no others. */
export async function takeOverFiles(knex: Knex, runId: string, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await knex('media_files')
    .whereIn('id', [...ids])
    .whereNot({ status: 'processing' })
    .update({ status: 'pending', run_id: runId, next_retry_at: null });
}

type ClaimOptions = {
  runId: string;
  mediaTypes: readonly MediaType[];
  /** While files are still being listed, a local time that occurs twice may not be decided yet. */
  includeAmbiguous: boolean;
  limit: number;
};

/** Claims pending files of this run in the order of camera and footage time. */
export async function claimFiles(knex: Knex, options: ClaimOptions): Promise<MediaFileRow[]> {
  const { rows } = await knex.raw<{ rows: MediaFileRow[] }>(
    `UPDATE media_files SET status = 'processing', attempts = attempts + 1
      WHERE id IN (SELECT id FROM media_files
                    WHERE status = 'pending' AND run_id = ? AND media_type = ANY (?) AND (? OR NOT time_ambiguous)
                    ORDER BY camera_id, captured_at, content_sha256 LIMIT ? FOR UPDATE SKIP LOCKED)
      RETURNING *`,
    [options.runId, [...options.mediaTypes], options.includeAmbiguous, options.limit],
  );
  return rows.sort(compareInChain);
}

/** The order of footage: camera, start, content. It does not depend on the order in which files were found. */
export function compareInChain(a: MediaFileRow, b: MediaFileRow): number {
  return (
    compareText(a.camera_id, b.camera_id) ||
    (a.captured_at?.getTime() ?? 0) - (b.captured_at?.getTime() ?? 0) ||
    compareText(a.content_sha256 ?? '', b.content_sha256 ?? '')
  );
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Gives back every file that a run claimed and did not finish, so that the next run takes it: that was no attempt. Returns how many. */
export async function releaseFiles(knex: Knex, runId: string): Promise<number> {
  return knex('media_files')
    .where({ status: 'processing', run_id: runId })
    .update({ status: 'pending', attempts: knex.raw('greatest(attempts - 1, 0)') });
}

/** Start of the earliest footage of a camera that this run has still to look at, or that any run is looking at. */
export async function findFirstUnfinished(knex: Knex, { runId, cameraId }: { runId: string; cameraId: string }): Promise<Date | undefined> {
  const { rows } = await knex.raw<{ rows: { first: Date | null }[] }>(
    `SELECT least(
       (SELECT min(captured_at) FROM media_files WHERE status = 'pending' AND run_id = :runId AND camera_id = :cameraId),
       (SELECT min(captured_at) FROM media_files WHERE status = 'processing' AND camera_id = :cameraId)) AS first`,
    { runId, cameraId },
  );
  return rows[0]?.first ?? undefined;
}

/**
 * Files with footage, or with footage for all we know: also one that is tried again, and one that lost its worker, whatever
 * the reason. What follows such a file must not depend on whether it has come in yet.
 */
const IS_FOOTAGE = `(f.status IN ('pending', 'processing', 'done', 'partial')
        OR f.status = 'failed' AND (f.next_retry_at IS NOT NULL OR f.failure_code = 'inference_failed'))`;

type PredecessorOptions = { fileId: number; mediaTypes: readonly MediaType[]; limit: number };

/** Files that come before a file of the same camera, newest first: the candidates for an unbroken chain (§3.3). */
export async function findFilesBefore(knex: Knex, options: PredecessorOptions): Promise<MediaFileRow[]> {
  const { rows } = await knex.raw<{ rows: MediaFileRow[] }>(
    `SELECT f.* FROM media_files f JOIN media_files n ON n.id = ? AND f.camera_id = n.camera_id
        AND (f.captured_at, f.content_sha256) < (n.captured_at, n.content_sha256)
      WHERE f.media_type = ANY (?) AND ${IS_FOOTAGE}
      ORDER BY f.captured_at DESC, f.content_sha256 DESC LIMIT ?`,
    [options.fileId, [...options.mediaTypes], options.limit],
  );
  return rows;
}

/** Other files of the same cameras that start between the given ones. */
export async function findChainFilesAmong(
  knex: Knex,
  options: { ids: readonly number[]; mediaTypes: readonly MediaType[] },
): Promise<MediaFileRow[]> {
  const ids = [...options.ids];
  const { rows } = await knex.raw<{ rows: MediaFileRow[] }>(
    `SELECT f.* FROM media_files f
       JOIN (SELECT camera_id, min(captured_at) AS first, max(captured_at) AS last FROM media_files
              WHERE id = ANY (?::bigint[]) GROUP BY 1) s
         ON f.camera_id = s.camera_id AND f.captured_at BETWEEN s.first AND s.last
      WHERE f.id <> ALL (?::bigint[]) AND f.media_type = ANY (?) AND ${IS_FOOTAGE}`,
    [ids, ids, [...options.mediaTypes]],
  );
  return rows;
}

/** Files of a camera that start in an interval of footage time. */
export async function findFilesBetween(knex: Knex, options: { cameraId: string; from: Date; until: Date }): Promise<MediaFileRow[]> {
  return knex<MediaFileRow>('media_files')
    .where('camera_id', options.cameraId)
    .whereBetween('captured_at', [options.from, options.until])
    .orderBy(['captured_at', 'id']);
}
