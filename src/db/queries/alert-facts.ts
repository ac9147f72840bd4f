import type { Knex } from 'knex';
import type { TrustStatus } from '../../domain/enums.ts';

/** An event as rules first look at it, without what was seen. */
export type AlertHeadRow = {
  id: number;
  batch_id: string;
  sequence_id: string | null;
  camera_id: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  started_at: Date;
  ended_at: Date | null;
  risk_score: number | null;
  anomaly: number | null;
};

/** Events with these ids, in footage order. */
export async function findAlertHeads(knex: Knex, eventIds: readonly number[]): Promise<AlertHeadRow[]> {
  return knex('events as e')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .whereRaw('e.id = ANY(?::bigint[])', [[...eventIds]])
    .select('e.id', 'e.batch_id', 'e.sequence_id', 'e.camera_id', 'e.started_at', 'e.ended_at', 'e.risk_score', 'e.anomaly')
    .select<AlertHeadRow[]>({ camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .orderBy(['e.started_at', 'e.batch_id']);
}

/** None of these events is deleted until the transaction ends. */
export async function keepEvents(trx: Knex.Transaction, eventIds: readonly number[]): Promise<void> {
  await trx.raw('SELECT FROM events WHERE id = ANY(?::bigint[]) ORDER BY id FOR KEY SHARE', [[...eventIds]]);
}

/** The same ids in footage order; those of events that are gone are left out. */
export async function inFootageOrder(knex: Knex, eventIds: readonly number[]): Promise<number[]> {
  return knex('events')
    .whereRaw('id = ANY(?::bigint[])', [[...eventIds]])
    .orderBy(['started_at', 'batch_id'])
    .pluck<number[]>('id');
}

export type AlertDetectionRow = {
  event_id: number;
  id: number;
  detected_at: Date;
  track_id: number | null;
  object_type: string | null;
  confidence: number | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  image_width: number | null;
  image_height: number | null;
};

const DETECTION_COLUMNS = `d.event_id, d.id, d.detected_at, d.track_id, d.object_type, d.confidence,
  d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.video_width AS image_width, d.video_height AS image_height`;

/**
 * Detections of events, event by event (`OFFSET 0`), so that only the partitions of their footage are read. `bestOnly`: of each track and
 * class only the one with the highest score; enough unless it matters where it was.
 */
export async function findAlertDetections(
  knex: Knex,
  { eventIds, bestOnly }: { eventIds: readonly number[]; bestOnly: boolean },
): Promise<AlertDetectionRow[]> {
  if (eventIds.length === 0) return [];
  const { rows } = await knex.raw<{ rows: AlertDetectionRow[] }>(
    `SELECT ${bestOnly ? 'DISTINCT ON (d.event_id, d.track_id, d.object_type)' : ''} ${DETECTION_COLUMNS}
       FROM events e
      CROSS JOIN LATERAL (
            SELECT m.event_id, o.* FROM event_detections m
              JOIN detections o ON o.id = m.detection_id AND o.detected_at = m.detected_at
             WHERE m.event_id = e.id AND o.detected_at BETWEEN e.started_at AND greatest(e.ended_at, e.started_at)
            OFFSET 0) d
      WHERE e.id = ANY(?::bigint[])
      ${bestOnly ? 'ORDER BY d.event_id, d.track_id, d.object_type, d.confidence DESC, d.detected_at, d.id' : ''}`,
    [[...eventIds]],
  );
  return rows;
}

export type TrackTrustRow = { track_id: number; is_member: boolean; trusts: TrustStatus[] };

/** Whether whom tracks were taken for is trusted, track by track (`OFFSET 0`); those nobody was compared with are left out. */
export async function findTrackTrusts(knex: Knex, trackIds: readonly number[]): Promise<TrackTrustRow[]> {
  if (trackIds.length === 0) return [];
  const { rows } = await knex.raw<{ rows: TrackTrustRow[] }>(
    `SELECT t.id AS track_id, bool_or(r.member_id IS NOT NULL) AS is_member,
            coalesce(array_agg(DISTINCT e.trust_status) FILTER (WHERE e.id IS NOT NULL), '{}') AS trusts
       FROM tracks t
      CROSS JOIN LATERAL (
            SELECT o.id, o.detected_at FROM detections o
             WHERE o.camera_id = t.camera_id AND o.detected_at BETWEEN t.first_seen AND t.last_seen AND o.track_id = t.id
            OFFSET 0) d
       JOIN reid_embeddings r ON r.detection_id = d.id AND r.detected_at = d.detected_at
       LEFT JOIN entities e ON e.id = r.entity_id
      WHERE t.id = ANY(?::bigint[])
      GROUP BY t.id`,
    [[...trackIds]],
  );
  return rows;
}

/** Events that begin within spans of footage time: what may fire when an alert there is gone. */
export async function findEventsWithin(knex: Knex, spans: readonly { from: Date; until: Date }[]): Promise<number[]> {
  if (spans.length === 0) return [];
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    `SELECT DISTINCT e.id FROM unnest(?::timestamptz[], ?::timestamptz[]) AS u(since, until)
       JOIN events e ON e.started_at >= u.since AND e.started_at < u.until`,
    [spans.map(({ from }) => from.toISOString()), spans.map(({ until }) => until.toISOString())],
  );
  return rows.map(({ id }) => id);
}
