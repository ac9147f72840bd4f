import type { Knex } from 'knex';

import type { TrackSpan } from './event-subjects.ts';

/** What one picture of a vehicle says about which one it is. */
export type VehicleCropRow = {
  track_id: number;
  embedding: Buffer | null;
  model_id: string | null;
  height: number | null;
  quality: number | null;
  /** `enrichment_data.license_plates`, as whoever read them wrote it. */
  plates: unknown;
};

/** Pictures of tracks that have a vector or a plate. */
export async function findVehicleCrops(knex: Knex, spans: readonly TrackSpan[]): Promise<VehicleCropRow[]> {
  const { rows } = await knex.raw<{ rows: VehicleCropRow[] }>(
    `SELECT s."trackId" AS track_id, c.*
       FROM jsonb_to_recordset(?::jsonb) AS s("trackId" integer, "cameraId" text, "from" timestamptz, until timestamptz)
      CROSS JOIN LATERAL (
            SELECT r.embedding, r.model_id, d.bbox_height AS height, d.confidence * d.bbox_width * d.bbox_height AS quality,
                   d.enrichment_data -> 'license_plates' AS plates
              FROM detections d
              LEFT JOIN reid_embeddings r ON r.detection_id = d.id AND r.detected_at = d.detected_at
             WHERE d.camera_id = s."cameraId" AND d.detected_at BETWEEN s."from" AND s.until AND d.track_id = s."trackId"
               AND (r.id IS NOT NULL OR d.enrichment_data -> 'license_plates' IS NOT NULL)
            OFFSET 0) c`,
    [JSON.stringify(spans)],
  );
  return rows;
}

/** A vehicle that appeared at most a minute before a person, and where both were when the person appeared. */
export type ArrivalRow = {
  person_track_id: number;
  vehicle_track_id: number;
  vehicle_first_seen: Date;
  vehicle_last_seen: Date;
  px: number;
  py: number;
  pw: number;
  ph: number;
  vx: number;
  vy: number;
  vw: number;
  vh: number;
};

export async function findArrivals(
  knex: Knex,
  { persons, withinMs }: { persons: readonly TrackSpan[]; withinMs: number },
): Promise<ArrivalRow[]> {
  const { rows } = await knex.raw<{ rows: ArrivalRow[] }>(
    `SELECT s."trackId" AS person_track_id, v.id AS vehicle_track_id, v.first_seen AS vehicle_first_seen, v.last_seen AS vehicle_last_seen,
            p.bbox_x AS px, p.bbox_y AS py, p.bbox_width AS pw, p.bbox_height AS ph, b.bbox_x AS vx, b.bbox_y AS vy, b.bbox_width AS vw,
            b.bbox_height AS vh
       FROM jsonb_to_recordset(:persons::jsonb) AS s("trackId" integer, "cameraId" text, "from" timestamptz, until timestamptz)
       JOIN tracks v ON v.camera_id = s."cameraId" AND v.class_group = 'vehicle' AND v.confirmed
            AND v.first_seen BETWEEN s."from" - :within * interval '1 ms' AND s."from"
      CROSS JOIN LATERAL (
            SELECT d.* FROM detections d
             WHERE d.camera_id = s."cameraId" AND d.detected_at = s."from" AND d.track_id = s."trackId" ORDER BY d.id LIMIT 1) p
      CROSS JOIN LATERAL (
            SELECT d.* FROM detections d
             WHERE d.camera_id = s."cameraId" AND d.detected_at BETWEEN v.first_seen AND s."from" AND d.track_id = v.id
             ORDER BY d.detected_at DESC, d.id LIMIT 1) b
      WHERE num_nulls(p.bbox_x, p.bbox_y, p.bbox_width, p.bbox_height, b.bbox_x, b.bbox_y, b.bbox_width, b.bbox_height) = 0
      ORDER BY s."trackId", v.first_seen DESC, v.id`,
    { persons: JSON.stringify(persons), within: withinMs },
  );
  return rows;
}
