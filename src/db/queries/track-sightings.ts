import type { Knex } from 'knex';

export type TrackSightingRow = {
  track_id: number;
  detected_at: Date;
  object_type: string | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  image_width: number | null;
  image_height: number | null;
};

type FindTrackSightingsOptions = { cameraId: string; trackIds: readonly number[]; since: Date; until: Date };

/** Where tracks of a camera were in a span of footage time, both ends included, in footage order. */
export async function findTrackSightings(knex: Knex, options: FindTrackSightingsOptions): Promise<TrackSightingRow[]> {
  return knex('detections as d')
    .where('d.camera_id', options.cameraId)
    .whereBetween('d.detected_at', [options.since, options.until])
    .whereIn('d.track_id', [...options.trackIds])
    .select('d.track_id', 'd.detected_at', 'd.object_type', 'd.bbox_x', 'd.bbox_y', 'd.bbox_width', 'd.bbox_height')
    .select<TrackSightingRow[]>({ image_width: 'd.video_width', image_height: 'd.video_height' })
    .orderBy(['d.detected_at', 'd.id']);
}
