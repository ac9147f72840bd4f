import type { Knex } from 'knex';

import { isInForce } from '../models/evidence-holds.ts';

export type MonthContents = {
  detections: number;
  /** Of the cameras with detections in the month. */
  cameras: string[];
  /** Events that must keep their detections because of what a user said about them. */
  kept_events: number;
};

/** End of the newest footage of each camera: the clock that its retention runs by. */
export async function findFootageEnds(knex: Knex): Promise<Map<string, Date>> {
  const { rows } = await knex.raw<{ rows: { camera_id: string; ends_at: Date | null }[] }>(
    `SELECT c.id AS camera_id,
            coalesce((SELECT max(coalesce(f.ended_at, f.captured_at)) FROM media_files f WHERE f.camera_id = c.id), c.last_seen_at) AS ends_at
       FROM cameras c`,
  );
  return new Map(rows.flatMap(({ camera_id, ends_at }) => (ends_at === null ? [] : [[camera_id, ends_at]])));
}

/** What one monthly table holds; reads that table alone. */
export async function readMonthContents(knex: Knex, name: string): Promise<MonthContents> {
  const { rows } = await knex.raw<{ rows: [MonthContents] }>(
    `SELECT (SELECT count(*) FROM ONLY ??) AS detections,
            ARRAY(SELECT c.id FROM cameras c WHERE EXISTS (SELECT FROM ONLY ?? d WHERE d.camera_id = c.id) ORDER BY 1) AS cameras,
            (SELECT count(*) FROM events e WHERE ${HAS_USER_INPUT}
                AND EXISTS (SELECT FROM event_detections m JOIN ONLY ?? d ON d.id = m.detection_id AND d.detected_at = m.detected_at
                             WHERE m.event_id = e.id)) AS kept_events`,
    [name, name, name],
  );
  return rows[0];
}

/** Notes, a flag, the word that a threat was missed, or a hold: such an event stays with its detections. */
const HAS_USER_INPUT = `(e.notes IS NOT NULL OR e.flagged
  OR EXISTS (SELECT FROM event_feedback f WHERE f.event_id = e.id AND f.feedback_type = 'missed_threat')
  OR EXISTS (SELECT FROM evidence_holds h WHERE h.event_id = e.id AND ${isInForce('h')}))`;

export async function countDetections(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ count: number }] }>('SELECT count(*) FROM detections');
  return rows[0].count;
}
