import type { Knex } from 'knex';

import type { CropRow } from './track-crops.ts';

/** A detection of an event that can be cut from the footage; standing objects have no track. */
export type EventCropRow = Omit<CropRow, 'track_id'> & { track_id: number | null };

/** Detections of an event that know their place in a file, in the order of footage. */
export async function findEventCrops(knex: Knex, eventId: number): Promise<EventCropRow[]> {
  const { rows } = await knex.raw<{ rows: EventCropRow[] }>(
    `SELECT d.camera_id, d.track_id, d.id AS detection_id, d.detected_at, d.frame_offset_ms, d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.confidence,
            d.media_file_id, f.path, f.media_type, f.size_bytes, f.width, f.height, f.duration_ms
       FROM event_detections m
       JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
       JOIN media_files f ON f.id = d.media_file_id
      WHERE m.event_id = ? AND d.frame_offset_ms IS NOT NULL AND d.confidence IS NOT NULL AND d.bbox_width IS NOT NULL
      ORDER BY d.detected_at, d.id`,
    [eventId],
  );
  return rows;
}

/** Plates that were read in an event, as they were read; text of others. */
export async function findEventPlates(knex: Knex, eventId: number): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { text: string }[] }>(
    `SELECT DISTINCT plate ->> 'text' AS text
       FROM event_detections m
       JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at
      CROSS JOIN LATERAL jsonb_array_elements(
            CASE WHEN jsonb_typeof(d.enrichment_data -> 'license_plates') = 'array' THEN d.enrichment_data -> 'license_plates' ELSE '[]' END) AS plate
      WHERE m.event_id = ? AND jsonb_typeof(plate -> 'text') = 'string'
      ORDER BY 1
      LIMIT 20`,
    [eventId],
  );
  return rows.map(({ text }) => text);
}
