import type { Knex } from 'knex';

import { ensureDetectionPartitions } from '../../src/db/partitions.ts';

export type FillOptions = { events: number; cameras: number; perEvent: number };

const RUN_ID = '0192f0c0-0000-7000-8000-0000000000e5';
const FIRST_DAY = '2026-01-05T00:00:00Z';
/** Each camera has an event so often: a busy front door. */
const EVERY_MINUTES = 15;

/**
 * Events of one or two tracks on cameras with zones, five cameras to a property, with baselines and now and then a change of the view.
 * Everything is spread by arithmetic, so that two fills are equal.
 */
export async function fillEvents(knex: Knex, { events, cameras, perEvent }: FillOptions): Promise<void> {
  const days = Math.ceil((events / cameras) * (EVERY_MINUTES / 1440));
  const months = Array.from({ length: Math.ceil(days / 28) + 2 }, (_, n) => new Date(Date.parse(FIRST_DAY) + n * 28 * 86_400_000));
  await ensureDetectionPartitions(knex, months);
  const values = { first: FIRST_DAY, every: EVERY_MINUTES, events, cameras, perEvent, run: RUN_ID };
  await knex.transaction(async (trx) => {
    // the rows are right by construction: without checks of foreign keys they are there in a fifth of the time
    await trx.raw('SET LOCAL session_replication_role = replica');
    for (const sql of STATEMENTS) await trx.raw(sql, values);
    await trx.raw(`SELECT setval(pg_get_serial_sequence('events', 'id'), ?)`, [events]);
  });
  await knex.raw('VACUUM ANALYZE');
}

/** Footage time by which so many events have begun. */
export function untilOf(events: number, cameras: number): string {
  return new Date(Date.parse(FIRST_DAY) + (events / cameras) * EVERY_MINUTES * 60_000).toISOString();
}

const RUN = `INSERT INTO runs (id, command, hs_version, config_fingerprint) VALUES (:run, 'bench', '0', '0')`;

const SITES = `
  WITH home AS (INSERT INTO households (name) VALUES ('bench') RETURNING id)
  INSERT INTO properties (household_id, name, timezone)
  SELECT home.id, 'p' || n, (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'])[1 + n % 3]
    FROM home, generate_series(0, (:cameras::integer - 1) / 5) AS n`;

const CAMERAS = `
  INSERT INTO cameras (id, name, folder_path, property_id)
  SELECT 'c' || n, 'Camera ' || n, '/c' || n, p.id FROM generate_series(0, :cameras::integer - 1) AS n JOIN properties p ON p.name = 'p' || n / 5`;

const ZONES = `
  INSERT INTO zones (id, camera_id, name, zone_type, coordinates)
  SELECT c.id || z.type, c.id, initcap(z.type), z.type, z.coordinates::jsonb
    FROM cameras c, (VALUES ('entry_point', '[[0,0],[0.3,0],[0.3,1],[0,1]]'), ('driveway', '[[0.3,0],[0.7,0],[0.7,1],[0.3,1]]'),
                            ('sidewalk', '[[0.7,0],[1,0],[1,1],[0.7,1]]')) AS z(type, coordinates)`;

/** Event n is the (n / cameras)-th of camera n mod cameras. */
const AT = `:first::timestamptz + (n / :cameras::integer) * :every::integer * interval '1 minute' + (n * 7919 % 60000) * interval '1 ms'`;
const OF_EVENT = `generate_series(0, :events::integer - 1) AS n, LATERAL (SELECT date_trunc('milliseconds', ${AT}) AS at) AS o`;

const FILES = `
  INSERT INTO media_files (id, camera_id, path, content_sha256, size_bytes, modified_at, media_type, captured_at, captured_at_source,
         ended_at, duration_ms, width, height, status, model_fingerprint, run_id, processed_at)
  SELECT n + 1, 'c' || n % :cameras::integer, '/f/' || n, encode(sha256(n::text::bytea), 'hex'), 1, now(), 'video', at, 'filename',
         at + interval '90 seconds', 90000, 1920, 1080, 'done', 'm', :run, now()
    FROM ${OF_EVENT}`;

/** Two tracks in every third event. */
const TRACKS = `
  INSERT INTO tracks (id, camera_id, object_class, class_group, first_seen, last_seen, closed_at, first_detection_id, detection_count,
         max_score, confirmed)
  SELECT 2 * n + k + 1, 'c' || n % :cameras::integer, label, CASE label WHEN 'car' THEN 'vehicle' WHEN 'dog' THEN 'animal' ELSE label END,
         at + k * interval '1 second', at + k * interval '1 second' + (:perEvent::integer - 1) * interval '5 seconds', at + interval '90 seconds',
         (2 * n::bigint + k) * :perEvent::integer + 1, :perEvent::integer, 0.5 + (n % 50) / 100.0, true
    FROM ${OF_EVENT}, generate_series(0, 1) AS k,
         LATERAL (SELECT (ARRAY['person', 'person', 'car', 'dog'])[1 + (n + k) % 4] AS label) AS l
   WHERE k = 0 OR n % 3 = 0`;

const DETECTIONS = `
  INSERT INTO detections (id, camera_id, file_path, file_type, detected_at, object_type, confidence, bbox_x, bbox_y, bbox_width, bbox_height,
         media_type, video_width, video_height, media_file_id, frame_index, frame_offset_ms, run_id, model_id, track_id)
  SELECT t.first_detection_id + k, t.camera_id, '/f', 'mp4', t.first_seen + k * interval '5 seconds', t.object_class, t.max_score,
         (t.id * 37 + k * 53) % 1800, 200, 100, 300, 'video', 1920, 1080, (t.id - 1) / 2 + 1, k, k * 5000, :run, 'bench', t.id
    FROM tracks t, generate_series(0, :perEvent::integer - 1) AS k`;

const EVENTS = `
  INSERT INTO events (id, batch_id, camera_id, started_at, ended_at, object_types, detection_count, max_score, is_fast_path, anomaly, anomaly_basis)
  SELECT n + 1, 'b' || n, 'c' || n % :cameras::integer, at, at + (:perEvent::integer - 1) * interval '5 seconds' + CASE WHEN n % 3 = 0 THEN interval '1 second' ELSE interval '0' END,
         'person', :perEvent::integer, 0.9, n % 9 = 0, a,
         jsonb_build_object('samples', 20, 'activity', jsonb_build_object('score', a, 'k', 1, 'a', 1.5, 'b', 10), 'classes', '{}'::jsonb)
    FROM ${OF_EVENT}, LATERAL (SELECT (n % 100) / 100.0 AS a) AS s`;

const MEMBERS = `
  INSERT INTO event_detections (event_id, detection_id, detected_at)
  SELECT (d.track_id - 1) / 2 + 1, d.id, d.detected_at FROM detections d`;

const CHANGES = `
  INSERT INTO scene_changes (camera_id, detected_at, change_type, similarity_score)
  SELECT 'c' || n % :cameras::integer, at, 'angle_changed', 0.4 FROM ${OF_EVENT} WHERE n % 1000 = 0`;

const STATEMENTS = [RUN, SITES, CAMERAS, ZONES, FILES, TRACKS, DETECTIONS, EVENTS, MEMBERS, CHANGES];
