import type { Knex } from 'knex';

import type { Severity, ThreatType } from '../../domain/enums.ts';

/** What optional stages found in an event; null: the stage did not look at any of its detections. */
export type EventEnrichments = {
  /** Medians over its pictures. */
  image_quality: { pictures: number; quality_score: number; sharpness: number; exposure: number; noise: number } | null;
  faces: LocatedThings | null;
  license_plates: LocatedThings | null;
  threats: { crops: number; found: EventThreat[] } | null;
};

/** `tracks`: those on which something was located at least once. The same thing counts once a crop. */
export type LocatedThings = { crops: number; located: number; tracks: number };

export type EventThreat = {
  threat_type: ThreatType;
  severity: Severity;
  confidence: number;
  bbox: [x1: number, y1: number, x2: number, y2: number] | null;
  detection_id: number;
  track_id: number | null;
};

type CountRow = {
  quality_pictures: number;
  quality_score: number;
  sharpness: number;
  exposure: number;
  noise: number;
  faces_crops: number;
  faces_located: number;
  faces_tracks: number;
  plates_crops: number;
  plates_located: number;
  plates_tracks: number;
  threats_crops: number;
};

export async function findEventEnrichments(knex: Knex, eventId: number): Promise<EventEnrichments> {
  const { rows } = await knex.raw<{ rows: [CountRow] }>(COUNTS, [eventId]);
  const { rows: found } = await knex.raw<{ rows: EventThreat[] }>(THREATS, [eventId]);
  const [row] = rows;
  const { quality_pictures: pictures, quality_score, sharpness, exposure, noise } = row;
  const located = (name: 'faces' | 'plates'): LocatedThings | null => {
    const crops = row[`${name}_crops`];
    return crops === 0 ? null : { crops, located: row[`${name}_located`], tracks: row[`${name}_tracks`] };
  };
  return {
    image_quality: pictures === 0 ? null : { pictures, quality_score, sharpness, exposure, noise },
    faces: located('faces'),
    license_plates: located('plates'),
    threats: row.threats_crops === 0 && found.length === 0 ? null : { crops: row.threats_crops, found },
  };
}

const OF_EVENT = `
  event_detections e JOIN detections d ON d.id = e.detection_id AND d.detected_at = e.detected_at`;

function located(name: string, as: string): string {
  const list = `CASE WHEN jsonb_typeof(d.enrichment_data -> '${name}') = 'array' THEN jsonb_array_length(d.enrichment_data -> '${name}') END`;
  return `
    count(${list})::integer AS ${as}_crops, coalesce(sum(${list}), 0)::integer AS ${as}_located,
    (count(DISTINCT d.track_id) FILTER (WHERE ${list} > 0))::integer AS ${as}_tracks`;
}

const QUALITIES = ['quality_score', 'sharpness', 'exposure', 'noise'] as const;

/** A picture counts once, however much was detected in it. Other programs may have written anything: what holds no numbers was not measured. */
const COUNTS = `
  WITH mine AS (SELECT d.media_file_id, d.frame_index, d.track_id, d.enrichment_data FROM ${OF_EVENT} WHERE e.event_id = ?),
       pictures AS (SELECT DISTINCT ON (media_file_id, frame_index) enrichment_data -> 'image_quality' AS q FROM mine
                     WHERE ${QUALITIES.map((key) => `jsonb_typeof(enrichment_data -> 'image_quality' -> '${key}') = 'number'`).join(' AND ')}),
       quality AS (SELECT count(*)::integer AS quality_pictures, ${QUALITIES.map(
         (key) => `percentile_cont(0.5) WITHIN GROUP (ORDER BY (q ->> '${key}')::double precision) AS ${key}`,
       ).join(', ')} FROM pictures),
       things AS (SELECT ${located('faces', 'faces')}, ${located('license_plates', 'plates')},
                         (count(d.enrichment_data -> 'threats') + count(d.enrichment_data -> 'coco_threats'))::integer AS threats_crops
                    FROM mine d)
  SELECT quality.*, things.* FROM quality CROSS JOIN things`;

const THREATS = `
  SELECT t.threat_type, t.severity, t.confidence, t.bbox, d.id AS detection_id, d.track_id
    FROM ${OF_EVENT} JOIN threat_detections t ON t.detection_id = d.id AND t.detected_at = d.detected_at
   WHERE e.event_id = ? ORDER BY t.confidence DESC, d.detected_at, t.id`;
