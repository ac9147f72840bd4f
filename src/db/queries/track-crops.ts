import type { Knex } from 'knex';

import type { MediaType } from '../../domain/enums.ts';

/** One crop of a track, with what is needed to read it from the footage again. */
export type CropRow = {
  camera_id: string;
  track_id: number;
  detection_id: number;
  detected_at: Date;
  frame_offset_ms: number;
  bbox_x: number;
  bbox_y: number;
  bbox_width: number;
  bbox_height: number;
  confidence: number;
  media_file_id: number;
  path: string;
  media_type: MediaType;
  size_bytes: number;
  width: number | null;
  height: number | null;
  duration_ms: number | null;
};

/** Confirmed tracks of these groups that begin in a half-open span of footage time. */
export type TrackScope = {
  groups: readonly string[];
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  trackIds?: readonly number[] | undefined;
};

/** Where the next page begins: behind this track. */
export type TrackCursor = { camera_id: string; first_seen: Date; id: number };

export type CropSelection = { minHeightPx: number; perTrack: number };

/** The next tracks of a scope, by camera and time. */
export async function nextTracks(
  knex: Knex,
  scope: TrackScope,
  page: { after?: TrackCursor | undefined; limit: number },
): Promise<TrackCursor[]> {
  const query = knex('tracks as t')
    .where('t.confirmed', true)
    .whereIn('t.class_group', [...scope.groups]);
  if (scope.since) void query.where('t.first_seen', '>=', scope.since);
  if (scope.until) void query.where('t.first_seen', '<', scope.until);
  if (scope.cameraIds) void query.whereIn('t.camera_id', [...scope.cameraIds]);
  if (scope.trackIds) void query.whereIn('t.id', [...scope.trackIds]);
  const { after } = page;
  if (after) void query.whereRaw('(t.camera_id, t.first_seen, t.id) > (?, ?, ?)', [after.camera_id, after.first_seen, after.id]);
  return query
    .orderBy(['t.camera_id', 't.first_seen', 't.id'])
    .limit(page.limit)
    .select<TrackCursor[]>('t.camera_id', 't.first_seen', 't.id');
}

/** The best crops of these tracks that have no vector of the model yet. */
export async function findCropsToEmbed(
  knex: Knex,
  { modelId, ...options }: { trackIds: readonly number[]; modelId: string; selection: CropSelection },
): Promise<CropRow[]> {
  const isMissing = `NOT EXISTS (SELECT FROM reid_embeddings r
                                  WHERE r.detection_id = d.id AND r.detected_at = d.detected_at AND r.model_id = ?)`;
  return selectCrops(knex, { ...options, isMissing, bindings: [modelId] });
}

/** The best crops of these tracks that this enrichment has not looked at yet. */
export async function findCropsToEnrich(
  knex: Knex,
  { name, ...options }: { trackIds: readonly number[]; name: string; selection: CropSelection },
): Promise<CropRow[]> {
  return selectCrops(knex, { ...options, isMissing: 'd.enrichment_data -> ? IS NULL', bindings: [name] });
}

type CropQuery = { trackIds: readonly number[]; selection: CropSelection; isMissing: string; bindings: readonly string[] };

/**
 * The best crops of tracks, by confidence × area, of which something is missing; by file and place in it. A track is looked up by its
 * camera and time: detections have no index on the track.
 */
async function selectCrops(knex: Knex, { trackIds, selection, isMissing, bindings }: CropQuery): Promise<CropRow[]> {
  const { rows } = await knex.raw<{ rows: CropRow[] }>(
    `SELECT d.camera_id, d.track_id, d.id AS detection_id, d.detected_at, d.frame_offset_ms, d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.confidence,
            d.media_file_id, f.path, f.media_type, f.size_bytes, f.width, f.height, f.duration_ms
       FROM tracks t
      CROSS JOIN LATERAL (
            SELECT d.* FROM detections d
             WHERE d.camera_id = t.camera_id AND d.detected_at BETWEEN t.first_seen AND t.last_seen AND d.track_id = t.id
               AND d.bbox_height >= ? AND d.confidence IS NOT NULL AND d.frame_offset_ms IS NOT NULL
             ORDER BY d.confidence * d.bbox_width * d.bbox_height DESC, d.id
             LIMIT ?) d
       JOIN media_files f ON f.id = d.media_file_id
      WHERE t.id = ANY(?::int[])
        AND ${isMissing}
      ORDER BY d.media_file_id, d.frame_offset_ms, d.id`,
    [selection.minHeightPx, selection.perTrack, [...trackIds], ...bindings],
  );
  return rows;
}
