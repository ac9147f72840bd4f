import type { Knex } from 'knex';

import type { CapturedAtSource, MediaType } from '../../domain/enums.ts';

/** One row of `detections`, as stored. */
export type DetectionRow = {
  id: number;
  camera_id: string;
  /** When detected; a video's own path for its frames. */
  file_path: string;
  /** Extension, lower case, no dot. */
  file_type: string | null;
  /** Footage time. */
  detected_at: Date;
  object_type: string | null;
  confidence: number | null;
  /** Pixels of the original picture. */
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  thumbnail_path: string | null;
  media_type: MediaType | null;
  /** Of the video, in seconds. */
  duration: number | null;
  video_codec: string | null;
  video_width: number | null;
  video_height: number | null;
  /** Null only for rows imported without a file. */
  media_file_id: number | null;
  frame_index: number | null;
  frame_offset_ms: number | null;
  track_id: number | null;
  track_confidence: number | null;
  enrichment_data: Record<string, unknown> | null;
  labels: string[] | null;
  run_id: string | null;
  model_id: string | null;
  is_static: boolean;
  time_source: CapturedAtSource | null;
};

/** The columns that tracks and events are derived from, with the content hash of the file for the total order. */
export type DerivationDetectionRow = {
  id: number;
  detected_at: Date;
  media_file_id: number;
  content_sha256: string;
  frame_offset_ms: number;
  object_type: string;
  confidence: number;
  bbox_x: number;
  bbox_y: number;
  bbox_width: number;
  bbox_height: number;
  video_width: number;
  video_height: number;
  media_type: MediaType;
  time_ambiguous: boolean;
  track_id: number | null;
  is_static: boolean;
};

/** Footage interval of one camera, both ends included. */
export type CameraInterval = { cameraId: string; from: Date; until: Date };

/** Detections of a camera in a footage interval, in footage order. */
export async function findDetectionsForDerivation(knex: Knex, interval: CameraInterval): Promise<DerivationDetectionRow[]> {
  const { rows } = await knex.raw<{ rows: DerivationDetectionRow[] }>(
    `SELECT d.id, d.detected_at, d.media_file_id, f.content_sha256, d.frame_offset_ms, d.object_type, d.confidence,
            d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.video_width, d.video_height, d.media_type, f.time_ambiguous,
            d.track_id, d.is_static
       FROM detections d JOIN media_files f ON f.id = d.media_file_id
      WHERE d.camera_id = ? AND d.detected_at BETWEEN ? AND ?
      ORDER BY d.detected_at, f.content_sha256, d.frame_offset_ms, d.id`,
    [interval.cameraId, interval.from, interval.until],
  );
  return rows;
}

export type AnalysedSpanRow = {
  captured_at: Date;
  ended_at: Date;
  media_type: MediaType;
  analysed_offsets_ms: number[];
};

/** Files of a camera that overlap a footage interval, with the offsets that were sent to the detector. */
export async function findAnalysedSpans(knex: Knex, interval: CameraInterval): Promise<AnalysedSpanRow[]> {
  return knex('media_files')
    .select<AnalysedSpanRow[]>('captured_at', 'ended_at', 'media_type', 'analysed_offsets_ms')
    .where('camera_id', interval.cameraId)
    .where('captured_at', '<=', interval.until)
    .where('ended_at', '>=', interval.from)
    .whereIn('status', ['done', 'partial'])
    .whereNotNull('analysed_offsets_ms')
    .orderBy(['captured_at', 'content_sha256']);
}

export type DetectionFlags = { id: number; detectedAt: Date; isStatic: boolean; trackId: number | null };

/** Writes derived columns. Names the time beside the id so that one partition is touched, not all. */
export async function updateDetectionFlags(knex: Knex, flags: readonly DetectionFlags[]): Promise<void> {
  if (flags.length === 0) return;
  const times = flags.map((flag) => flag.detectedAt.getTime());
  await knex.raw(
    `UPDATE detections d SET is_static = u.is_static, track_id = u.track_id
       FROM unnest(?::bigint[], ?::timestamptz[], ?::boolean[], ?::integer[])
            AS u(id, detected_at, is_static, track_id)
      WHERE d.id = u.id AND d.detected_at = u.detected_at AND d.detected_at BETWEEN ? AND ?`,
    [
      flags.map((flag) => flag.id),
      flags.map((flag) => flag.detectedAt.toISOString()),
      flags.map((flag) => flag.isStatic),
      flags.map((flag) => flag.trackId) as number[],
      new Date(Math.min(...times)),
      new Date(Math.max(...times)),
    ],
  );
}
