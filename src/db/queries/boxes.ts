import type { Knex } from 'knex';
import type { MediaType } from '../../domain/enums.ts';
import { narrowDetections, type DetectionFilter } from './detections.ts';
import { streamRows } from './stream-rows.ts';

export type BoxRow = {
  id: number;
  path: string;
  media_file_id: number | null;
  media_type: MediaType | null;
  frame_rate: number | null;
  frame_offset_ms: number | null;
  object_type: string;
  confidence: number;
  bbox_x: number;
  bbox_y: number;
  bbox_width: number;
  bbox_height: number;
  video_width: number;
  video_height: number;
};

const PATH = 'coalesce(f.path, d.file_path) COLLATE "C"';

/** Detections with a box, a class and a confidence in a picture of known size, file by file, frames in order. */
export function streamBoxes(knex: Knex, filter: DetectionFilter): AsyncIterable<BoxRow> {
  const query = selectBoxes(knex, filter)
    .select('d.id', 'd.media_file_id', 'd.media_type', 'f.frame_rate', 'd.frame_offset_ms', 'd.object_type', 'd.confidence')
    .select('d.bbox_x', 'd.bbox_y', 'd.bbox_width', 'd.bbox_height', 'd.video_width', 'd.video_height')
    .select({ path: knex.raw(PATH) })
    .orderByRaw(`${PATH}, d.media_file_id, coalesce(d.frame_offset_ms, 0), d.id`);
  return streamRows<BoxRow>(query);
}

export type BoxSpan = { count: number; /** By bytes; null without a box. */ firstPath: string | null; lastPath: string | null };

/** How many they are, and the first and the last path: what those two have in common, all have. */
export async function spanBoxes(knex: Knex, filter: DetectionFilter): Promise<BoxSpan> {
  const columns = `count(*)::integer AS count, min(${PATH}) AS "firstPath", max(${PATH}) AS "lastPath"`;
  const rows = await selectBoxes(knex, filter).select<BoxSpan[]>(knex.raw(columns));
  return rows[0] ?? { count: 0, firstPath: null, lastPath: null };
}

function selectBoxes(knex: Knex, filter: DetectionFilter): Knex.QueryBuilder {
  const needed = ['bbox_x', 'object_type', 'confidence', 'video_width', 'video_height'];
  return knex('detections as d')
    .leftJoin('media_files as f', 'f.id', 'd.media_file_id')
    .modify(narrowDetections, filter)
    .modify((query) => {
      for (const column of needed) void query.whereNotNull(`d.${column}`);
    });
}
