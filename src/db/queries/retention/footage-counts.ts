import type { Knex } from 'knex';

import { ENDED, HAS_REASON, limitBindings, LIMITS, REASONS, type CameraLimit } from './limits.ts';

/** Rows of a table, those over age, and of these the ones that stay. */
export type FootageCount = { rows: number; over_age: number; kept: number };

export type EventCount = FootageCount & Record<keyof typeof REASONS, number>;

export async function countExpiredEvents(knex: Knex, limits: readonly CameraLimit[]): Promise<EventCount> {
  const reasons = Object.entries(REASONS).map(([name, condition]) => `${condition} AS ${name}`);
  const counts = Object.keys(REASONS).map((name) => `count(*) FILTER (WHERE ${name}) AS ${name}`);
  const { rows } = await knex.raw<{ rows: [EventCount] }>(
    `SELECT (SELECT count(*) FROM events) AS rows, count(*) AS over_age, ${counts.join(', ')},
            count(*) FILTER (WHERE ${Object.keys(REASONS).join(' OR ')}) AS kept
       FROM (SELECT ${reasons.join(', ')} FROM events e JOIN ${LIMITS} USING (camera_id) WHERE ${ENDED} < l.before) AS o`,
    limitBindings(limits),
  );
  return rows[0];
}

/** Clips of events that go. */
export async function* streamExpiredClips(knex: Knex, limits: readonly CameraLimit[]): AsyncIterable<string> {
  const rows = knex
    .from(knex.raw(`(${CLIPS}) AS clips`, limitBindings(limits)))
    .select('clip_path')
    .stream({ batchSize: 1000 });
  for await (const { clip_path: path } of rows as AsyncIterable<{ clip_path: string }>) yield path;
}

const CLIPS = `
  SELECT e.clip_path FROM events e JOIN ${LIMITS} USING (camera_id)
   WHERE ${ENDED} < l.before AND e.clip_path IS NOT NULL AND NOT ${HAS_REASON}`;

export async function countClips(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ count: number }] }>('SELECT count(clip_path) FROM events');
  return rows[0].count;
}

/**
 * What stays of the footage over age: events that have a reason to stay or go on past the limit, tracks with a part in such an event
 * or that go on past the limit, and what both consist of.
 */
const STAYING = `
  l AS MATERIALIZED (SELECT * FROM ${LIMITS}),
  members AS MATERIALIZED (
    SELECT m.detection_id AS id, m.detected_at, l.before
      FROM events e JOIN l USING (camera_id) JOIN event_detections m ON m.event_id = e.id
     WHERE e.started_at < l.before AND (${ENDED} >= l.before OR ${HAS_REASON}) AND m.detected_at < l.before),
  kept_tracks AS MATERIALIZED (
    SELECT t.id, t.camera_id, t.first_seen, t.last_seen, l.before
      FROM tracks t JOIN l USING (camera_id) WHERE t.first_seen < l.before AND t.last_seen >= l.before
    UNION
    SELECT t.id, t.camera_id, t.first_seen, t.last_seen, m.before
      FROM members m JOIN detections d ON d.id = m.id AND d.detected_at = m.detected_at JOIN tracks t ON t.id = d.track_id),
  kept_detections AS (
    SELECT id, detected_at FROM members
    UNION
    SELECT d.id, d.detected_at
      FROM kept_tracks t
      JOIN detections d ON d.camera_id = t.camera_id AND d.detected_at BETWEEN t.first_seen AND t.last_seen AND d.track_id = t.id
     WHERE d.detected_at < t.before)`;

export async function countExpiredTracks(knex: Knex, limits: readonly CameraLimit[]): Promise<FootageCount> {
  const { rows } = await knex.raw<{ rows: [FootageCount] }>(
    `WITH ${STAYING}
     SELECT (SELECT count(*) FROM tracks) AS rows,
            (SELECT count(*) FROM tracks t JOIN l USING (camera_id) WHERE t.last_seen < l.before) AS over_age,
            (SELECT count(*) FROM kept_tracks WHERE last_seen < before) AS kept`,
    limitBindings(limits),
  );
  return rows[0];
}

/** Detections over age that stay, by UTC month as `YYYY-MM`. */
export async function countKeptDetections(knex: Knex, limits: readonly CameraLimit[]): Promise<Map<string, number>> {
  const { rows } = await knex.raw<{ rows: { month: string; count: number }[] }>(
    `WITH ${STAYING} SELECT to_char(detected_at AT TIME ZONE 'UTC', 'YYYY-MM') AS month, count(*) FROM kept_detections GROUP BY 1`,
    limitBindings(limits),
  );
  return new Map(rows.map(({ month, count }) => [month, count]));
}

/** Rows of one monthly table, and those over age; reads that table alone. */
export async function countMonth(knex: Knex, name: string, limits: readonly CameraLimit[]): Promise<Omit<FootageCount, 'kept'>> {
  const { rows } = await knex.raw<{ rows: [Omit<FootageCount, 'kept'>] }>(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE d.detected_at < l.before) AS over_age FROM ONLY :name: d LEFT JOIN ${LIMITS} USING (camera_id)`,
    { ...limitBindings(limits), name },
  );
  return rows[0];
}

export async function countDetections(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ count: number }] }>('SELECT count(*) FROM detections');
  return rows[0].count;
}
