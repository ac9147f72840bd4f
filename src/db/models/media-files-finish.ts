import type { Knex } from 'knex';

import type { MediaFileStatus } from '../../domain/enums.ts';
import { settlingEntities } from './identity-links.ts';
import { deleteFileParts } from './media-file-parts.ts';
import { insertSceneChecks, removeSceneChecks, type NewSceneCheck } from './scene-checks.ts';
import { insertSeenThreats, type SeenThreatRow } from './threat-detections.ts';

/** Outcome of processing one file, ready to be stored. Offsets and durations in ms from the start of the file. */
export type FinishedFile = {
  id: number;
  status: Extract<MediaFileStatus, 'done' | 'partial' | 'failed'>;
  failureCode: string | null;
  failureMessage: string | null;
  /** A failed or partial file with this set is taken again by the next run. */
  retry: boolean;
  width: number | null;
  height: number | null;
  framesExpected: number | null;
  framesDecoded: number | null;
  readableFraction: number | null;
  readableMs: number;
  analysedOffsetsMs: number[];
  /** How long one worker process had it; absent: not known. */
  analysisMs?: number | undefined;
};

/** One detection of a finished file; pixels of the picture as displayed. Rows are stored in the order given. */
export type NewDetection = {
  fileId: number;
  frameIndex: number;
  offsetMs: number;
  label: string;
  score: number;
  x: number;
  y: number;
  width: number;
  height: number;
  /** JSON of `enrichment_data`; absent: no stage looked at it. */
  enrichment?: string | undefined;
};

type SaveOptions = {
  runId: string;
  modelFingerprint: string;
  modelId: string;
  files: readonly FinishedFile[];
  detections: readonly NewDetection[];
  sceneChecks?: readonly NewSceneCheck[];
  threats?: readonly SeenThreatRow[];
  /** Optional stages that are to look at the tracks of these files. */
  enrichmentsDue?: readonly string[];
};

/**
 * Stores outcomes and detections of whole files in one transaction: after a crash a file is there with all its rows or
 * not at all. Files that this run no longer holds are left alone. Returns the ids that were stored.
 */
export async function saveFinishedFiles(knex: Knex, options: SaveOptions): Promise<number[]> {
  return knex.transaction(async (trx) => {
    const { ids, readBefore } = await lockHeldFiles(trx, options);
    await removeReadBefore(trx, readBefore);
    await updateFiles(trx, options, ids);
    await deleteFileParts(trx, ids);
    const held = new Set(ids);
    if (readBefore.length > 0) await removeSceneChecks(trx, readBefore);
    await insertSceneChecks(
      trx,
      (options.sceneChecks ?? []).filter((check) => held.has(check.fileId)),
    );
    await insertDetections(
      trx,
      options,
      options.detections.filter((detection) => held.has(detection.fileId)),
    );
    await insertSeenThreats(
      trx,
      (options.threats ?? []).filter((threat) => held.has(threat.fileId)),
    );
    return ids;
  });
}

type HeldFiles = { ids: number[]; /** Those of them that have rows of an earlier reading. */ readBefore: number[] };

async function lockHeldFiles(trx: Knex.Transaction, options: SaveOptions): Promise<HeldFiles> {
  const rows = await trx('media_files')
    .whereRaw('id = ANY (?::bigint[])', [options.files.map((file) => file.id)])
    .where({ status: 'processing', run_id: options.runId })
    .orderBy('id')
    .forUpdate()
    .select<{ id: number; processed_at: Date | null }[]>('id', 'processed_at');
  return { ids: rows.map(({ id }) => id), readBefore: rows.filter((row) => row.processed_at !== null).map(({ id }) => id) };
}

/** Earlier rows of a file that is read again. The interval they covered has to be derived again, too. */
export async function removeEarlierDetections(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  const processed = await trx('media_files')
    .whereRaw('id = ANY (?::bigint[])', [[...ids]])
    .whereNotNull('processed_at')
    .pluck<number[]>('id');
  await removeReadBefore(trx, processed);
}

/** Most files are read for the first time: no month has to be looked through for them. */
async function removeReadBefore(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await settlingEntities(trx, ids, () => removeDetections(trx, ids));
}

async function removeDetections(trx: Knex.Transaction, ids: readonly number[]): Promise<void> {
  await trx.raw(
    `WITH removed AS (DELETE FROM detections WHERE media_file_id = ANY (?::bigint[])
                      RETURNING media_file_id, detected_at),
          span AS (SELECT media_file_id AS id, min(detected_at) AS first, max(detected_at) AS last
                     FROM removed GROUP BY 1)
     UPDATE media_files f
        SET derive_from = least(f.derive_from, s.first), derive_until = greatest(f.derive_until, s.last)
       FROM span s WHERE s.id = f.id`,
    [[...ids]],
  );
}

async function updateFiles(trx: Knex.Transaction, options: SaveOptions, ids: readonly number[]): Promise<void> {
  await trx.raw(
    `UPDATE media_files f
        SET status = o.status, failure_code = o."failureCode", failure_message = o."failureMessage",
            next_retry_at = CASE WHEN o.retry THEN now() END,
            width = coalesce(o.width, f.width), height = coalesce(o.height, f.height),
            frames_expected = o."framesExpected", frames_decoded = o."framesDecoded",
            readable_fraction = o."readableFraction", analysed_offsets_ms = o."analysedOffsetsMs",
            analysis_ms = o."analysisMs", ended_at = f.captured_at + o."readableMs" * interval '1 millisecond',
            derive_from = least(f.derive_from, f.captured_at),
            derive_until = greatest(f.derive_until, CASE WHEN f.processed_at IS NOT NULL THEN f.ended_at END,
                                    f.captured_at + o."readableMs" * interval '1 millisecond'),
            enrichments_due = CASE WHEN o.status <> 'failed' THEN nullif(?::text[], '{}') END,
            model_fingerprint = ?, processed_at = now(), last_seen_at = now(), pruned_at = NULL
       FROM jsonb_to_recordset(?::jsonb) AS o(id bigint, status text, "failureCode" text, "failureMessage" text,
            retry boolean, width integer, height integer, "framesExpected" integer, "framesDecoded" integer,
            "readableFraction" double precision, "readableMs" double precision, "analysedOffsetsMs" integer[],
            "analysisMs" integer)
      WHERE f.id = o.id AND f.id = ANY (?::bigint[])`,
    [[...(options.enrichmentsDue ?? [])], options.modelFingerprint, JSON.stringify(options.files), [...ids]],
  );
}

/** One statement for the whole batch: the constants of a file come from its own row (30–34,000 rows/s, see bench). */
async function insertDetections(trx: Knex.Transaction, options: SaveOptions, detections: readonly NewDetection[]): Promise<void> {
  if (detections.length === 0) return;
  const column = <K extends keyof NewDetection>(key: K): NewDetection[K][] => detections.map((row) => row[key]);
  await trx.raw(
    `INSERT INTO detections (camera_id, file_path, file_type, detected_at, object_type, confidence, bbox_x, bbox_y,
            bbox_width, bbox_height, media_type, duration, video_codec, video_width, video_height, media_file_id,
            frame_index, frame_offset_ms, run_id, model_id, time_source, enrichment_data)
     SELECT f.camera_id, f.path, lower(substring(f.path from '[.]([^./]{1,20})$')),
            f.captured_at + d.offset_ms * interval '1 millisecond', d.label, d.score, d.x, d.y, d.width, d.height,
            f.media_type, f.duration_ms / 1000.0, CASE WHEN f.media_type = 'video' THEN f.codec END, f.width, f.height,
            f.id, d.frame_index, d.offset_ms, ?, ?, f.captured_at_source, d.enrichment::jsonb
       FROM unnest(?::bigint[], ?::integer[], ?::integer[], ?::text[], ?::double precision[], ?::integer[],
                   ?::integer[], ?::integer[], ?::integer[], ?::text[]) WITH ORDINALITY
            AS d(file_id, frame_index, offset_ms, label, score, x, y, width, height, enrichment, position)
       JOIN media_files f ON f.id = d.file_id
      ORDER BY d.position`,
    [
      options.runId,
      options.modelId,
      column('fileId'),
      column('frameIndex'),
      column('offsetMs'),
      column('label'),
      column('score'),
      column('x'),
      column('y'),
      column('width'),
      column('height'),
      detections.map(({ enrichment }) => enrichment ?? null) as string[],
    ],
  );
}
