import type { Knex } from 'knex';

import { finder, type CheckScope } from './broken.ts';

/** While a file waits to be read again its detections still follow from what was known before. */
const FINISHED = `f.status IN ('done', 'partial')`;

export const findWrongDetectionTimes = finder(`
  SELECT format('detection %s', d.id) AS place,
         format('is at %s, its file begins at %s and its frame %s ms later', d.detected_at, f.captured_at, d.frame_offset_ms) AS text
    FROM detections d JOIN media_files f ON f.id = d.media_file_id
   WHERE d.detected_at >= :since AND ${FINISHED}
     AND d.detected_at - f.captured_at - d.frame_offset_ms * interval '1 millisecond'
         NOT BETWEEN interval '-1 millisecond' AND interval '1 millisecond'`);

export const findBoxesOutside = finder(`
  SELECT format('detection %s', d.id) AS place,
         format('reaches to %s, %s in a picture of %s × %s', d.bbox_x + d.bbox_width, d.bbox_y + d.bbox_height, f.width, f.height) AS text
    FROM detections d JOIN media_files f ON f.id = d.media_file_id
   WHERE d.detected_at >= :since AND ${FINISHED}
     AND (d.bbox_x < 0 OR d.bbox_y < 0 OR d.bbox_x + d.bbox_width > f.width OR d.bbox_y + d.bbox_height > f.height)`);

export const findRepeatedDetections = finder(`
  SELECT format('file %s', media_file_id) AS place,
         format('frame %s has %s equal boxes of %s', frame_index, count(*), coalesce(object_type, 'no class')) AS text
    FROM detections
   WHERE detected_at >= :since AND media_file_id IS NOT NULL
   GROUP BY media_file_id, frame_index, frame_offset_ms, object_type, bbox_x, bbox_y, bbox_width, bbox_height HAVING count(*) > 1`);

export const findDetectionsWithoutOrigin = finder(`
  SELECT format('detection %s', id) AS place,
         'has no ' || concat_ws(', ', CASE WHEN run_id IS NULL THEN 'run_id' END, CASE WHEN model_id IS NULL THEN 'model_id' END,
           CASE WHEN frame_index IS NULL THEN 'frame_index' END, CASE WHEN frame_offset_ms IS NULL THEN 'frame_offset_ms' END) AS text
    FROM detections
   WHERE detected_at >= :since AND media_file_id IS NOT NULL AND num_nulls(run_id, model_id, frame_index, frame_offset_ms) > 0`);

/** What was located on a detection is stored with its camera and time, so that it is found without reading all detections. */
export const findStrayLocated = finder(`
  SELECT format('%s %s', l.kind, l.id) AS place,
         format('is of %s at %s, its detection of %s at %s', l.camera_id, l.at, d.camera_id, d.detected_at) AS text
    FROM (SELECT 'plate' AS kind, id, camera_id, read_at AS at, detection_id, detected_at FROM plate_reads
          UNION ALL SELECT 'face', id, camera_id, seen_at, detection_id, detected_at FROM face_detection_events) AS l
    JOIN detections d ON d.id = l.detection_id AND d.detected_at = l.detected_at
   WHERE d.detected_at >= :since AND (l.camera_id <> d.camera_id OR l.at <> d.detected_at)`);

export type EnrichedRow = { id: number; enrichment_data: unknown };

export async function* streamEnrichedDetections(knex: Knex, { since }: CheckScope): AsyncIterable<EnrichedRow> {
  const rows = knex('detections')
    .select('id', 'enrichment_data')
    .where('detected_at', '>=', since)
    .whereNotNull('enrichment_data')
    .stream({ batchSize: 1000 });
  for await (const row of rows as AsyncIterable<unknown>) yield row as EnrichedRow;
}
