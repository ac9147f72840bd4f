import { finder, repairer } from './broken.ts';

/** Footage that was read and not derived yet: what was derived from it before is allowed to be behind. */
export const isDerived = (cameraId: string, from: string, until: string): string => `
  NOT EXISTS (SELECT FROM media_files u WHERE u.camera_id = ${cameraId} AND u.derive_from IS NOT NULL
                 AND u.derive_from <= ${until} AND u.derive_until >= ${from})`;

/** Retention drops whole months of detections; events that reach into one have lost rows. */
export const isKept = (...times: string[]): string =>
  times.map((at) => `to_regclass(to_char(${at} AT TIME ZONE 'UTC', '"detections_y"YYYY"m"MM')) IS NOT NULL`).join(' AND ');

const ENDED = 'coalesce(e.ended_at, e.started_at)';
const IS_DERIVED = isDerived('e.camera_id', 'e.started_at', ENDED);
const IS_KEPT = isKept('e.started_at', ENDED);

export const findEventsEndingEarly = finder(`
  SELECT format('event %s', id) AS place, format('starts %s and ends %s', started_at, ended_at) AS text FROM events WHERE ended_at < started_at`);

export const findForeignMembers = finder(`
  SELECT format('event %s', e.id) AS place,
         CASE WHEN d.camera_id <> e.camera_id THEN format('of camera %s holds detection %s of camera %s', e.camera_id, d.id, d.camera_id)
              ELSE format('from %s to %s holds detection %s of %s', e.started_at, ${ENDED}, m.detection_id, m.detected_at) END AS text
    FROM events e JOIN event_detections m ON m.event_id = e.id
    LEFT JOIN detections d ON d.id = m.detection_id AND d.detected_at = m.detected_at AND d.detected_at >= :since
   WHERE e.started_at >= :since
     AND (d.camera_id <> e.camera_id OR m.detected_at < e.started_at OR m.detected_at > ${ENDED})`);

export const findWrongEventSpans = finder(`
  SELECT format('event %s', e.id) AS place,
         format('is from %s to %s, its detections from %s to %s', e.started_at, e.ended_at, m.first, m.last) AS text
    FROM events e
   CROSS JOIN LATERAL (SELECT min(detected_at) AS first, max(detected_at) AS last FROM event_detections WHERE event_id = e.id) m
   WHERE e.started_at >= :since AND (e.started_at <> m.first OR ${ENDED} <> m.last) AND ${IS_DERIVED} AND ${IS_KEPT}`);

/** `scores` and `levels` list what each score means: the mapping itself lives in the domain. */
type LevelTable = { scores: number[]; levels: string[] };

const LEVELS = 'unnest(CAST(:scores AS integer[]), CAST(:levels AS text[])) AS l(score, level)';

export function findWrongLevels(table: LevelTable): ReturnType<typeof finder> {
  return finder(
    `SELECT format('event %s', e.id) AS place, format('is %s, its score %s means %s', coalesce(e.risk_level, 'without level'), e.risk_score, l.level) AS text
       FROM events e JOIN ${LEVELS} ON l.score = e.risk_score WHERE e.risk_level IS DISTINCT FROM l.level
     UNION ALL
     SELECT format('event %s', id), format('is %s without a score', risk_level) FROM events WHERE risk_score IS NULL AND risk_level IS NOT NULL`,
    table,
  );
}

export function repairLevels(table: LevelTable): ReturnType<typeof repairer> {
  return repairer(
    `UPDATE events e SET risk_level = (SELECT l.level FROM ${LEVELS} WHERE l.score = e.risk_score)
      WHERE e.risk_level IS DISTINCT FROM (SELECT l.level FROM ${LEVELS} WHERE l.score = e.risk_score)`,
    table,
  );
}

const SEARCH_DOCUMENT = 'events_search_document(e.summary, e.object_types, c.name, e.reasoning, e.notes)';

export const findStaleSearchVectors = finder(`
  SELECT format('event %s', e.id) AS place, 'is found by other words than it has' AS text
    FROM events e JOIN cameras c ON c.id = e.camera_id
   WHERE e.started_at >= :since AND e.search_vector IS DISTINCT FROM ${SEARCH_DOCUMENT}`);

export const refreshSearchVectors = repairer(`
  UPDATE events e SET search_vector = ${SEARCH_DOCUMENT} FROM cameras c
   WHERE c.id = e.camera_id AND e.started_at >= :since AND e.search_vector IS DISTINCT FROM ${SEARCH_DOCUMENT}`);

/** An event that lost its detections is kept for what people noted about it. */
export const findEmptyEvents = finder(`
  SELECT format('event %s', e.id) AS place, format('of %s has no detections', e.started_at) AS text
    FROM events e
   WHERE e.started_at >= :since AND NOT EXISTS (SELECT FROM event_detections m WHERE m.event_id = e.id)
     AND NOT (e.detection_count = 0 AND (e.notes IS NOT NULL OR e.flagged OR EXISTS (SELECT FROM event_feedback b WHERE b.event_id = e.id)
       OR EXISTS (SELECT FROM evidence_holds h WHERE h.event_id = e.id)))
     AND ${IS_DERIVED} AND ${IS_KEPT}`);

export const findAnalysedWithoutRun = finder(`
  SELECT format('event %s', id) AS place, 'is analyzed and names no run' AS text FROM events WHERE analysis_status = 'analyzed' AND run_id IS NULL`);

export const findSharedDetections = finder(`
  SELECT format('detection %s', m.detection_id) AS place, format('belongs to the events %s', string_agg(m.event_id::text, ', ' ORDER BY m.event_id)) AS text
    FROM events e JOIN event_detections m ON m.event_id = e.id
   WHERE e.started_at >= :since GROUP BY m.detection_id, m.detected_at HAVING count(*) > 1`);

export const findWrongEventCounts = finder(`
  SELECT format('event %s', e.id) AS place,
         format('says %s detections and at most %s, has %s and at most %s', e.detection_count, e.max_score, m.members, m.best) AS text
    FROM events e
   CROSS JOIN LATERAL (SELECT count(*) AS members, max(d.confidence) AS best FROM event_detections j
                         LEFT JOIN detections d ON d.id = j.detection_id AND d.detected_at = j.detected_at
                        WHERE j.event_id = e.id AND d.detected_at BETWEEN e.started_at AND ${ENDED}) m
   WHERE e.started_at >= :since AND m.members > 0 AND (m.members <> e.detection_count OR m.best IS DISTINCT FROM e.max_score)
     AND ${IS_DERIVED} AND ${IS_KEPT}`);
