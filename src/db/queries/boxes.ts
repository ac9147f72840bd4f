import type { Knex } from 'knex';
import type { MediaType } from '../../domain/enums.ts';
import { narrowDetections, type DetectionFilter } from './detections.ts';
import { streamRows } from './stream-rows.ts';

/** A detection with a box, or a frame in which nothing was found: then all that tells of a detection is null. */
export type BoxRow = {
  id: number | null;
  path: string;
  media_file_id: number | null;
  media_type: MediaType | null;
  frame_rate: number | null;
  /** Null of a still, and of a video of which no frame was looked at. */
  frame_offset_ms: number | null;
  object_type: string | null;
  confidence: number | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  video_width: number;
  video_height: number;
};

/** Detections with a box, a class and a confidence in a picture of known size, file by file, frames in order. */
export function streamBoxes(knex: Knex, filter: DetectionFilter): AsyncIterable<BoxRow> {
  const query = knex.from(selectRows(knex, filter)).orderByRaw('path COLLATE "C", media_file_id, coalesce(frame_offset_ms, 0), id');
  return streamRows<BoxRow>(query);
}

export type BoxSpan = {
  /** Of boxes. */ count: number;
  /** By bytes; null without a row. */ firstPath: string | null;
  lastPath: string | null;
};

/** How many they are, and the first and the last path: what those two have in common, all have. */
export async function spanBoxes(knex: Knex, filter: DetectionFilter): Promise<BoxSpan> {
  const columns = `count(id)::integer AS count, min(path COLLATE "C") AS "firstPath", max(path COLLATE "C") AS "lastPath"`;
  const rows = await knex.from(selectRows(knex, filter)).select<BoxSpan[]>(knex.raw(columns));
  return rows[0] ?? { count: 0, firstPath: null, lastPath: null };
}

const SCOPE: ReadonlySet<string> = new Set(['since', 'until', 'cameraIds'] satisfies (keyof DetectionFilter)[]);

/** Whether nothing is left out by what it is: then a frame without a box is one in which nothing was found. */
function isWhole(filter: DetectionFilter): boolean {
  return Object.entries(filter).every(([name, value]) => value === undefined || SCOPE.has(name));
}

function selectRows(knex: Knex, filter: DetectionFilter): Knex.QueryBuilder {
  const boxes = selectBoxes(knex, filter);
  return (isWhole(filter) ? boxes.unionAll([selectEmptyFrames(knex, filter)]) : boxes).as('rows');
}

function selectBoxes(knex: Knex, filter: DetectionFilter): Knex.QueryBuilder {
  const needed = ['bbox_x', 'object_type', 'confidence', 'video_width', 'video_height'];
  return knex('detections as d')
    .leftJoin('media_files as f', 'f.id', 'd.media_file_id')
    .select('d.id', { path: knex.raw('coalesce(f.path, d.file_path)') })
    .select('d.media_file_id', 'd.media_type', 'f.frame_rate', 'd.frame_offset_ms', 'd.object_type', 'd.confidence')
    .select('d.bbox_x', 'd.bbox_y', 'd.bbox_width', 'd.bbox_height', 'd.video_width', 'd.video_height')
    .modify(narrowDetections, filter)
    .modify((query) => {
      for (const column of needed) void query.whereNotNull(`d.${column}`);
    });
}

const FRAME_TIME = `f.captured_at + coalesce(o.at, 0) * interval '1 millisecond'`;

/** Frames that were looked at in vain, and files of which no frame was; the time says in which month there is no detection. */
function selectEmptyFrames(knex: Knex, { since, until, cameraIds }: DetectionFilter): Knex.QueryBuilder {
  const nothing = `null::text, null::double precision, null::integer, null::integer, null::integer, null::integer`;
  return knex('media_files as f')
    .joinRaw('LEFT JOIN LATERAL unnest(f.analysed_offsets_ms) AS o(at) ON true')
    .select(knex.raw('null::bigint'), 'f.path', 'f.id', 'f.media_type', 'f.frame_rate', 'o.at', knex.raw(nothing), 'f.width', 'f.height')
    .whereIn('f.status', ['done', 'partial'])
    .whereNotNull('f.analysed_offsets_ms')
    .whereNotNull('f.width')
    .whereRaw(`NOT EXISTS (SELECT FROM detections e WHERE e.media_file_id = f.id AND e.detected_at = ${FRAME_TIME} AND o.at IS NOT NULL)`)
    .modify((query) => {
      if (since) void query.whereRaw(`${FRAME_TIME} >= ?`, [since]);
      if (until) void query.whereRaw(`${FRAME_TIME} < ?`, [until]);
      if (cameraIds) void query.whereIn('f.camera_id', [...cameraIds]);
    });
}
