import type { Knex } from 'knex';

/** A box of a track at a moment of footage, in pixels of its picture. */
export type TrackSightingRow = {
  track_id: number;
  /** Made into a number in the database, as there are many. */
  at_ms: number;
  object_type: string | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  image_width: number | null;
  image_height: number | null;
};

/** A track from its begin up to a moment. */
export type TrackUntil = { trackId: number; until: Date };

/**
 * Where tracks were, in footage order for each. `OFFSET 0` keeps the planner from reading all detections at once instead of the few of each
 * track (20,000 events: 150 ms a page, then 10).
 */
export async function findTrackSightings(knex: Knex, tracks: readonly TrackUntil[]): Promise<TrackSightingRow[]> {
  if (tracks.length === 0) return [];
  const { rows } = await knex.raw<{ rows: TrackSightingRow[] }>(
    `SELECT d.track_id, (extract(epoch FROM d.detected_at) * 1000)::float8 AS at_ms, d.object_type,
            d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.video_width AS image_width, d.video_height AS image_height
       FROM unnest(?::bigint[], ?::timestamptz[]) AS u(id, until)
       JOIN tracks t ON t.id = u.id
      CROSS JOIN LATERAL (
            SELECT * FROM detections o
             WHERE o.camera_id = t.camera_id AND o.detected_at BETWEEN t.first_seen AND u.until AND o.track_id = t.id
             ORDER BY o.detected_at, o.id
            OFFSET 0) d`,
    [tracks.map(({ trackId }) => trackId), tracks.map(({ until }) => until.toISOString())],
  );
  return rows;
}
