import type { Knex } from 'knex';

import { ensureDetectionPartitions } from '../../src/db/partitions.ts';

export type FillOptions = { cameras: number; days: number; detections: number; detectionsPerTrack: number };

const RUN_ID = '0192f0c0-0000-7000-8000-00000000ba5e';
export const FIRST_DAY = '2026-02-15T00:00:00Z';

/**
 * Weeks of cameras that record all the time, in files of ten minutes, with a change of the clocks among them. Tracks are spread
 * evenly, each with the same number of detections a second apart.
 */
export async function fillWeeks(knex: Knex, options: FillOptions): Promise<void> {
  const { cameras, days, detections, detectionsPerTrack } = options;
  const tracks = Math.round(detections / detectionsPerTrack);
  const values = { first: FIRST_DAY, cameras, days, tracks, perTrack: detectionsPerTrack, run: RUN_ID };
  const months = Array.from({ length: Math.ceil(days / 28) + 2 }, (_, n) => new Date(Date.parse(FIRST_DAY) + n * 28 * 86_400_000));
  await ensureDetectionPartitions(knex, months);
  await knex.transaction(async (trx) => {
    // the rows are right by construction: without checks of foreign keys they are there in a fifth of the time
    await trx.raw('SET LOCAL session_replication_role = replica');
    for (const sql of STATEMENTS) await trx.raw(sql, values);
  });
  await knex.raw('VACUUM ANALYZE');
}

const CAMERAS = `
  INSERT INTO cameras (id, name, folder_path, timezone)
  SELECT 'c' || n, 'c' || n, '/c' || n, (ARRAY['Europe/Berlin', 'America/New_York', 'Asia/Tokyo'])[1 + n % 3]
    FROM generate_series(0, :cameras::integer - 1) AS n`;

const RUN = `INSERT INTO runs (id, command, hs_version, config_fingerprint) VALUES (:run, 'bench', '0', '0')`;

const FILES = `
  INSERT INTO media_files (camera_id, path, content_sha256, size_bytes, modified_at, media_type, captured_at, captured_at_source,
         ended_at, duration_ms, width, height, status, model_fingerprint, run_id, processed_at)
  SELECT 'c' || c, '/c' || c || '/' || f, encode(sha256((c || '/' || f)::bytea), 'hex'), 1, now(), 'video', at, 'filename',
         at + interval '10 minutes', 600000, 1920, 1080, 'done', 'm', :run, now()
    FROM generate_series(0, :cameras::integer - 1) AS c, generate_series(0, :days::integer * 144 - 1) AS f,
         LATERAL (SELECT :first::timestamptz + f * interval '10 minutes' AS at) AS o`;

/** Track n belongs to camera n mod cameras; the fraction of the golden section spreads the starts evenly and without a pattern. */
const TRACKS = `
  INSERT INTO tracks (id, camera_id, object_class, class_group, first_seen, last_seen, closed_at, first_detection_id, detection_count,
         max_score, confirmed)
  SELECT n, 'c' || (n % :cameras::integer), (ARRAY['person', 'person', 'car', 'dog'])[1 + n % 4], 'other', at,
         at + (:perTrack::integer - 1) * interval '1 second', at + :perTrack::integer * interval '1 second',
         1 + (n - 1)::bigint * :perTrack::integer, :perTrack::integer, 0.9, n % 20 <> 0
    FROM generate_series(1, :tracks::integer) AS n,
         LATERAL (SELECT date_trunc('milliseconds', :first::timestamptz
                           + ((n * 0.6180339887498949) % 1.0)::double precision * (:days::integer * interval '1 day')) AS at) AS o`;

const DETECTIONS = `
  INSERT INTO detections (camera_id, file_path, file_type, detected_at, object_type, confidence, bbox_x, bbox_y, bbox_width, bbox_height,
         media_type, video_width, video_height, frame_index, frame_offset_ms, run_id, model_id, track_id)
  SELECT t.camera_id, '/f', 'mp4', t.first_seen + k * interval '1 second', t.object_class, 0.5, k, 5, 100, 200, 'video', 1920, 1080, k, 0,
         :run, 'bench', t.id
    FROM tracks t, generate_series(0, :perTrack::integer - 1) AS k`;

const STATEMENTS = [RUN, CAMERAS, FILES, TRACKS, DETECTIONS];
