import type { Knex } from 'knex';
import type { MediaFileRow } from '../models/media-files.ts';
import { streamRows } from './stream-rows.ts';

type FindFootageOptions = {
  cameraId: string;
  /** Footage at or before this moment; the newest without it. */ at?: Date | undefined;
  limit: number;
};

/** Analysed files of a camera, the newest first. */
export async function findFootage(knex: Knex, { cameraId, at, limit }: FindFootageOptions): Promise<MediaFileRow[]> {
  const query = knex<MediaFileRow>('media_files')
    .where({ camera_id: cameraId })
    .whereIn('status', ['done', 'partial'])
    .whereNotNull('captured_at')
    .orderBy('captured_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  if (at !== undefined) void query.where('captured_at', '<=', at);
  return query;
}

export type AnchorCell = { column: number; row: number; count: number };

type CountAnchorsOptions = { cameraId: string; since?: Date | undefined; until?: Date | undefined; columns: number; rows: number };

/** How many moving objects touched the ground in each cell of a grid over the picture; empty cells are left out. */
export async function countAnchors(knex: Knex, options: CountAnchorsOptions): Promise<AnchorCell[]> {
  const { cameraId, since, until, columns, rows } = options;
  return knex('detections')
    .where('camera_id', cameraId)
    .where('is_static', false)
    .whereRaw('video_width > 0 AND video_height > 0 AND bbox_height IS NOT NULL')
    .modify((query) => {
      if (since !== undefined) void query.where('detected_at', '>=', since);
      if (until !== undefined) void query.where('detected_at', '<', until);
    })
    .select({
      column: knex.raw('greatest(0, least(? - 1, floor((bbox_x + bbox_width / 2.0) / video_width * ?)))::integer', [columns, columns]),
      row: knex.raw('greatest(0, least(? - 1, floor((bbox_y + bbox_height)::numeric / video_height * ?)))::integer', [rows, rows]),
    })
    .count<AnchorCell[]>({ count: '*' })
    .groupByRaw('1, 2');
}

export type StandingRow = {
  id: number;
  object_type: string;
  detected_at: Date;
  media_file_id: number;
  frame_offset_ms: number;
  bbox_x: number;
  bbox_y: number;
  bbox_width: number;
  bbox_height: number;
  video_width: number;
  video_height: number;
};

/** Detections of standing objects in a half-open span of footage time, in footage order. */
export function streamStanding(
  knex: Knex,
  { cameraId, since, until }: { cameraId: string; since: Date; until: Date },
): AsyncIterable<StandingRow> {
  const query = knex('detections')
    .where({ camera_id: cameraId, is_static: true })
    .where('detected_at', '>=', since)
    .where('detected_at', '<', until)
    .whereNotNull('media_file_id')
    .whereRaw('video_width > 0 AND video_height > 0 AND bbox_height IS NOT NULL AND object_type IS NOT NULL')
    .select('id', 'object_type', 'detected_at', 'media_file_id', 'frame_offset_ms', 'bbox_x', 'bbox_y', 'bbox_width', 'bbox_height')
    .select('video_width', 'video_height')
    .orderBy(['detected_at', 'id']);
  return streamRows<StandingRow>(query);
}
