import type { Knex } from 'knex';

import type { SceneChangeType, ThreatType } from '../../../domain/enums.ts';

export type EventSceneChangeRow = { event_id: number; id: number; change_type: SceneChangeType; detected_at: Date };

/** Unacknowledged changes of the view of an event's camera, up to so long before and after it. */
export async function findEventSceneChanges(knex: Knex, { ids, withinMs }: Around): Promise<EventSceneChangeRow[]> {
  const { rows } = await knex.raw<{ rows: EventSceneChangeRow[] }>(
    `SELECT e.id AS event_id, s.id, s.change_type, s.detected_at
       FROM events e
       JOIN scene_changes s ON s.camera_id = e.camera_id AND NOT s.acknowledged
            AND s.detected_at BETWEEN e.started_at - :within * interval '1 ms' AND greatest(e.ended_at, e.started_at) + :within * interval '1 ms'
      WHERE e.id = ANY (:ids::bigint[])
      ORDER BY e.id, s.detected_at, s.id`,
    bindings({ ids, withinMs }),
  );
  return rows;
}

type Around = { ids: readonly number[]; withinMs: number };

function bindings({ ids, withinMs }: Around): Record<string, Knex.RawBinding> {
  return { ids: [...ids], within: withinMs };
}

/** A track that another camera of the property followed around the time of an event. */
export type NearbyTrackRow = {
  event_id: number;
  camera_id: string;
  camera_name: string;
  track_id: number;
  label: string;
  first_seen: Date;
  last_seen: Date;
};

/** Of each camera the first so many. A track that began more than an hour before counts where it began. */
const NEARBY_LIMIT = 30;

export async function findNearbyTracks(knex: Knex, { ids, withinMs }: Around): Promise<NearbyTrackRow[]> {
  const { rows } = await knex.raw<{ rows: NearbyTrackRow[] }>(
    `SELECT e.id AS event_id, c.id AS camera_id, c.name AS camera_name, t.*
       FROM events e
       JOIN cameras own ON own.id = e.camera_id
       JOIN cameras c ON c.property_id = own.property_id AND c.id <> own.id
      CROSS JOIN LATERAL (
            SELECT o.id AS track_id, o.object_class AS label, o.first_seen, o.last_seen
              FROM tracks o
             WHERE o.camera_id = c.id AND o.confirmed AND o.last_seen >= e.started_at - :within * interval '1 ms'
               AND o.first_seen BETWEEN e.started_at - :within * interval '1 ms' - interval '1 hour'
                                    AND greatest(e.ended_at, e.started_at) + :within * interval '1 ms'
             ORDER BY o.first_seen, o.id LIMIT ${String(NEARBY_LIMIT)}) t
      WHERE e.id = ANY (:ids::bigint[])
      ORDER BY e.id, c.id, t.first_seen, t.track_id`,
    bindings({ ids, withinMs }),
  );
  return rows;
}

/** Those of the events around whose time another camera of the property has footage. */
export async function findEventsWithOtherFootage(knex: Knex, { ids, withinMs }: Around): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    `SELECT e.id
       FROM events e
       JOIN cameras own ON own.id = e.camera_id
      WHERE e.id = ANY (:ids::bigint[]) AND EXISTS (
            SELECT FROM cameras c
             CROSS JOIN LATERAL (
                   SELECT coalesce(f.ended_at, f.captured_at) AS ended FROM media_files f
                    WHERE f.camera_id = c.id AND f.processed_at IS NOT NULL
                      AND f.captured_at <= greatest(e.ended_at, e.started_at) + :within * interval '1 ms'
                    ORDER BY f.captured_at DESC LIMIT 1) f
             WHERE c.property_id = own.property_id AND c.id <> own.id AND f.ended >= e.started_at - :within * interval '1 ms')`,
    bindings({ ids, withinMs }),
  );
  return rows.map(({ id }) => id);
}

export type EventThreatRow = { event_id: number; track_id: number | null; threat_type: ThreatType; confidence: number };

export async function findEventThreats(knex: Knex, ids: readonly number[]): Promise<EventThreatRow[]> {
  return resultsOfEvents(knex, ids, { table: 'threat_detections', columns: 'r.threat_type, r.confidence' });
}

export type EventActionRow = {
  event_id: number;
  track_id: number | null;
  action: string | null;
  confidence: number | null;
  is_suspicious: boolean;
};

export async function findEventActions(knex: Knex, ids: readonly number[]): Promise<EventActionRow[]> {
  return resultsOfEvents(knex, ids, { table: 'action_results', columns: 'r.action, r.confidence, r.is_suspicious' });
}

type Results = { table: 'threat_detections' | 'action_results'; columns: string };

async function resultsOfEvents<Row>(knex: Knex, ids: readonly number[], { table, columns }: Results): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(
    `SELECT m.event_id, d.track_id, ${columns}
       FROM event_detections m
       JOIN ${table} r ON r.detection_id = m.detection_id AND r.detected_at = m.detected_at
      CROSS JOIN LATERAL (SELECT o.track_id FROM detections o WHERE o.id = m.detection_id AND o.detected_at = m.detected_at OFFSET 0) d
      WHERE m.event_id = ANY (?::bigint[])
      ORDER BY m.event_id, r.confidence DESC NULLS LAST, r.id`,
    [[...ids]],
  );
  return rows;
}
