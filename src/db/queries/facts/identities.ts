import type { Knex } from 'knex';

import type { MemberRole, TrustLevel, TrustStatus } from '../../../domain/enums.ts';
import type { TrackSpan } from './event-subjects.ts';

/** Which results of optional stages there are at all: what nobody wrote need not be looked for. */
export type StoredResults = { identities: boolean; threats: boolean; actions: boolean; vehicles: boolean };

export async function findStoredResults(knex: Knex): Promise<StoredResults> {
  const { rows } = await knex.raw<{ rows: StoredResults[] }>(
    `SELECT EXISTS (SELECT FROM reid_embeddings) AS identities, EXISTS (SELECT FROM threat_detections) AS threats,
            EXISTS (SELECT FROM action_results) AS actions, EXISTS (SELECT FROM registered_vehicles) AS vehicles`,
  );
  return rows[0] ?? { identities: false, threats: false, actions: false, vehicles: false };
}

/** Whom a track was taken for. */
export type TrackIdentityRow = { track_id: number } & (
  | {
      member_id: number;
      member_name: string;
      role: MemberRole;
      trusted_level: TrustLevel;
      typical_schedule: Record<string, unknown> | null;
      entity_id: null;
    }
  | { member_id: null; entity_id: string; entity_name: string | null; trust_status: TrustStatus }
);

/** Only tracks that somebody was found for. All crops of a track are of the same one. */
export async function findTrackIdentities(knex: Knex, spans: readonly TrackSpan[]): Promise<TrackIdentityRow[]> {
  const { rows } = await knex.raw<{ rows: TrackIdentityRow[] }>(
    `SELECT s."trackId" AS track_id, r.member_id, m.name AS member_name, m.role, m.trusted_level, m.typical_schedule,
            r.entity_id, n.entity_metadata ->> 'name' AS entity_name, n.trust_status
       FROM jsonb_to_recordset(?::jsonb) AS s("trackId" integer, "cameraId" text, "from" timestamptz, until timestamptz)
      CROSS JOIN LATERAL (
            SELECT i.member_id, i.entity_id
              FROM detections d
              JOIN reid_embeddings i ON i.detection_id = d.id AND i.detected_at = d.detected_at
             WHERE d.camera_id = s."cameraId" AND d.detected_at BETWEEN s."from" AND s.until AND d.track_id = s."trackId"
               AND num_nonnulls(i.member_id, i.entity_id) > 0
             ORDER BY i.member_id IS NULL, d.detected_at, d.id LIMIT 1) r
       LEFT JOIN household_members m ON m.id = r.member_id
       LEFT JOIN entities n ON n.id = r.entity_id`,
    [JSON.stringify(spans)],
  );
  return rows;
}

export type EntityQuestion = { trackId: number; entityId: string; before: Date; zone: string };

/** How often, and on how many local days, an entity was seen before a track began. */
export async function countEntitySightings(
  knex: Knex,
  questions: readonly EntityQuestion[],
): Promise<{ track_id: number; sightings: number; days: number }[]> {
  const { rows } = await knex.raw<{ rows: { track_id: number; sightings: number; days: number }[] }>(
    `SELECT q."trackId" AS track_id, count(DISTINCT t.id) AS sightings, count(DISTINCT (t.first_seen AT TIME ZONE q.zone)::date) AS days
       FROM jsonb_to_recordset(?::jsonb) AS q("trackId" integer, "entityId" uuid, before timestamptz, zone text)
       JOIN reid_embeddings r ON r.entity_id = q."entityId"
      CROSS JOIN LATERAL (SELECT o.track_id FROM detections o WHERE o.id = r.detection_id AND o.detected_at = r.detected_at OFFSET 0) d
       JOIN tracks t ON t.id = d.track_id AND t.first_seen < q.before
      GROUP BY 1`,
    [JSON.stringify(questions)],
  );
  return rows;
}
