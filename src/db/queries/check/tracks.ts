import { finder } from './broken.ts';
import { isDerived, isKept } from './events.ts';

const IS_DERIVED = isDerived('t.camera_id', 't.first_seen', 't.closed_at');
const IS_KEPT = isKept('t.first_seen', 't.last_seen');

export const findDetectionsOfNoTrack = finder(`
  SELECT format('detection %s', d.id) AS place, format('belongs to track %s, which does not exist', d.track_id) AS text
    FROM detections d WHERE d.detected_at >= :since AND d.track_id IS NOT NULL AND NOT EXISTS (SELECT FROM tracks t WHERE t.id = d.track_id)`);

export const findTracksOfNothing = finder(`
  SELECT format('track %s', t.id) AS place, format('begins with detection %s, which does not exist at %s', t.first_detection_id, t.first_seen) AS text
    FROM tracks t
   WHERE t.first_seen >= :since AND ${IS_DERIVED} AND ${IS_KEPT}
     AND NOT EXISTS (SELECT FROM detections d WHERE d.id = t.first_detection_id AND d.detected_at = t.first_seen AND d.detected_at >= :since)`);

export const findWrongTrackCounts = finder(`
  SELECT format('track %s', t.id) AS place, format('says %s detections, has %s', t.detection_count, coalesce(d.members, 0)) AS text
    FROM tracks t
    LEFT JOIN (SELECT track_id, count(*) AS members FROM detections WHERE detected_at >= :since AND track_id IS NOT NULL GROUP BY 1) d
      ON d.track_id = t.id
   WHERE t.first_seen >= :since AND t.detection_count <> coalesce(d.members, 0) AND ${IS_DERIVED} AND ${IS_KEPT}`);

/** Tracks and events are allowed to be behind there. */
export const findUnderivedFootage = finder(`
  SELECT format('camera %s', camera_id) AS place,
         format('%s files from %s to %s wait for their tracks and events', count(*), min(derive_from), max(derive_until)) AS text
    FROM media_files WHERE derive_from IS NOT NULL GROUP BY camera_id`);
