import type { Knex } from 'knex';

/** A confirmed track as far as it belongs to an event. */
export type EventSubjectRow = {
  event_id: number;
  track_id: number;
  camera_id: string;
  class_group: string;
  label: string;
  /** Of the whole track. */
  first_seen: Date;
  /** At most the end of the event. */
  last_seen: Date;
  best_score: number;
  frame_count: number;
  is_still: boolean;
  file_ids: number[];
  has_quality: boolean;
};

/** Tracks of events, in the order they were first seen. Event by event, so that only the partitions of its footage are read. */
export async function findEventSubjects(knex: Knex, ids: readonly number[]): Promise<EventSubjectRow[]> {
  const { rows } = await knex.raw<{ rows: EventSubjectRow[] }>(
    `SELECT e.id AS event_id, t.id AS track_id, e.camera_id, t.class_group, t.object_class AS label, t.first_seen,
            least(t.last_seen, greatest(e.ended_at, e.started_at)) AS last_seen,
            s.best_score, s.frame_count, s.is_still, s.file_ids, s.has_quality
       FROM events e
      CROSS JOIN LATERAL (
            SELECT d.track_id, max(d.confidence) AS best_score, count(DISTINCT (d.media_file_id, d.frame_offset_ms)) AS frame_count,
                   bool_and(d.media_type = 'image') AS is_still, array_agg(DISTINCT d.media_file_id) AS file_ids,
                   coalesce(bool_or(jsonb_exists(d.enrichment_data, 'image_quality')), false) AS has_quality
              FROM event_detections m
              JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
             WHERE m.event_id = e.id AND d.detected_at BETWEEN e.started_at AND greatest(e.ended_at, e.started_at)
             GROUP BY d.track_id) s
       JOIN tracks t ON t.id = s.track_id AND t.confirmed
      WHERE e.id = ANY (:ids::bigint[])
      ORDER BY e.id, t.first_seen, t.id`,
    { ids: [...ids] as unknown as Knex.RawBinding },
  );
  return rows;
}

/** The part of a track that is asked for. */
export type TrackSpan = { trackId: number; cameraId: string; from: Date; until: Date };

/** Medians of what was measured of the pictures of an event. */
export type EventQualityRow = { event_id: number; sharpness: number | null; exposure: number | null; noise: number | null };

export async function findEventQualities(knex: Knex, ids: readonly number[]): Promise<EventQualityRow[]> {
  const { rows } = await knex.raw<{ rows: EventQualityRow[] }>(
    `SELECT e.id AS event_id, q.*
       FROM events e
      CROSS JOIN LATERAL (
            SELECT ${['sharpness', 'exposure', 'noise'].map(medianOf).join(', ')}
              FROM (SELECT DISTINCT ON (d.media_file_id, d.frame_offset_ms) d.enrichment_data -> 'image_quality' AS quality
                      FROM event_detections m
                      JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
                     WHERE m.event_id = e.id AND d.detected_at BETWEEN e.started_at AND greatest(e.ended_at, e.started_at)
                     ORDER BY d.media_file_id, d.frame_offset_ms, d.id) f) q
      WHERE e.id = ANY (?::bigint[])`,
    [[...ids]],
  );
  return rows;
}

/** Other programs may have written anything: what is no number from 0 to 1 was not measured. */
function medianOf(name: string): string {
  const value = `quality -> '${name}'`;
  const number = `CASE WHEN jsonb_typeof(${value}) = 'number' THEN (${value})::double precision END`;
  return `percentile_cont(0.5) WITHIN GROUP (ORDER BY CASE WHEN ${number} BETWEEN 0 AND 1 THEN ${number} END) AS ${name}`;
}

export type DamagedFileRow = { id: number; path: string; readable_fraction: number | null; failure_code: string | null };

/** Those of these files that could be read in part only. */
export async function findDamagedFiles(knex: Knex, fileIds: readonly number[]): Promise<DamagedFileRow[]> {
  return knex('media_files')
    .whereRaw('id = ANY (?::bigint[])', [[...fileIds]])
    .where('status', 'partial')
    .orderBy('id')
    .select<DamagedFileRow[]>('id', 'path', 'readable_fraction', 'failure_code');
}
