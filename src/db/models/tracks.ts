import type { Knex } from 'knex';

import type { CameraInterval } from './detections.ts';

/** One row of `tracks`: one object followed over the frames of a camera. */
export type TrackRow = {
  id: number;
  camera_id: string;
  object_class: string;
  class_group: string;
  first_seen: Date;
  last_seen: Date;
  /** From here on the track can not be continued by anything. */
  closed_at: Date;
  first_detection_id: number;
  best_detection_id: number | null;
  detection_count: number;
  max_score: number;
  confirmed: boolean;
  end_reason: string | null;
  /** Bottom-centre anchors in pixels, t in ms since the track began. */
  trajectory: { x: number; y: number; t: number }[] | null;
  total_distance: number | null;
  avg_speed: number | null;
  created_at: Date;
};

export type NewTrack = Omit<TrackRow, 'id' | 'created_at'>;

/** Tracks of a camera that are live in a footage interval. */
export async function findTracksTouching(
  knex: Knex,
  interval: CameraInterval,
): Promise<Pick<TrackRow, 'id' | 'first_seen' | 'closed_at'>[]> {
  return knex<TrackRow>('tracks')
    .select('id', 'first_seen', 'closed_at')
    .where('camera_id', interval.cameraId)
    .where('first_seen', '<=', interval.until)
    .where('closed_at', '>', interval.from)
    .orderBy(['first_seen', 'id']);
}

/**
 * Replaces tracks of a camera. A track that begins with the same detection keeps its id, so that what others noted about
 * it stays true. Returns ids in the order of `tracks`.
 */
export async function replaceTracks(
  trx: Knex.Transaction,
  options: { oldIds: readonly number[]; tracks: readonly NewTrack[] },
): Promise<number[]> {
  const kept = new Set(options.tracks.map((track) => track.first_detection_id));
  const gone = trx('tracks').whereIn('id', [...options.oldIds]);
  await (kept.size === 0 ? gone : gone.whereNotIn('first_detection_id', [...kept])).delete();
  const ids: number[] = [];
  for (let start = 0; start < options.tracks.length; start += 500) {
    const rows = options.tracks.slice(start, start + 500).map(toColumns);
    const saved = await trx('tracks')
      .insert(rows)
      .onConflict(['camera_id', 'first_detection_id'])
      .merge()
      .returning<{ id: number; first_detection_id: number }[]>(['id', 'first_detection_id']);
    const byDetection = new Map(saved.map((row) => [row.first_detection_id, row.id]));
    for (const row of rows) ids.push(byDetection.get(row.first_detection_id) ?? 0);
  }
  return ids;
}

function toColumns(track: NewTrack): Omit<NewTrack, 'trajectory'> & { trajectory: string | null } {
  return { ...track, trajectory: track.trajectory === null ? null : JSON.stringify(track.trajectory) };
}
