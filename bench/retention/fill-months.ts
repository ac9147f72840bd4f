import type { Knex } from 'knex';

import { ensureDetectionPartitions } from '../../src/db/partitions.ts';

export type FillOptions = {
  /** First instants of the months to fill. */
  months: readonly Date[];
  /** Detections of each month. */
  rows: number;
};

const RUN_ID = '0192f0c0-0000-7000-8000-00000000be0c';
const ROWS_PER_EVENT = 20;
const ROWS_PER_FILE = 100;

/**
 * Months of detections of four cameras with everything that hangs on them: nineteen of twenty in an event, and by share a pose, an
 * action, demographics, a vector of 512 numbers and a threat.
 */
export async function fillMonths(knex: Knex, { months, rows }: FillOptions): Promise<void> {
  await knex.raw(`INSERT INTO runs (id, command, hs_version, config_fingerprint) VALUES (?, 'bench', '0', '0') ON CONFLICT DO NOTHING`, [
    RUN_ID,
  ]);
  await knex.raw(`INSERT INTO cameras (id, name, folder_path) SELECT 'c' || n, 'c' || n, '/c' || n FROM generate_series(0, 3) AS n`);
  for (const month of months) {
    await ensureDetectionPartitions(knex, [month]);
    await knex.transaction(async (trx) => {
      // the rows are right by construction: without checks of foreign keys they are there in a fifth of the time
      await trx.raw('SET LOCAL session_replication_role = replica');
      for (const sql of STATEMENTS) await trx.raw(sql, { month, rows });
    });
    await knex.raw('ANALYZE');
  }
  await knex.raw('VACUUM ANALYZE');
}

/** Rows are spread evenly over the first 28 days; `n` counts them. */
const AT = `:month::timestamptz + n * (interval '28 days' / :rows::integer)`;
const RANGE = `d.detected_at >= :month::timestamptz AND d.detected_at < :month::timestamptz + interval '1 month'`;

const FILES = `
  INSERT INTO media_files (camera_id, path, content_sha256, size_bytes, modified_at, media_type, captured_at, captured_at_source,
         ended_at, duration_ms, width, height, status, model_fingerprint, run_id, processed_at)
  SELECT 'c' || (f % 4), '/c/' || :month::text || f, encode(sha256((:month::text || f)::bytea), 'hex'), 1, now(), 'video', ${AT}, 'filename',
         ${AT} + interval '1 minute', 60000, 1920, 1080, 'done', 'm', '${RUN_ID}', now()
    FROM generate_series(0, :rows::integer / ${String(ROWS_PER_FILE)} - 1) AS f, LATERAL (SELECT f * ${String(ROWS_PER_FILE)} AS n) AS o`;

const DETECTIONS = `
  INSERT INTO detections (camera_id, file_path, file_type, detected_at, object_type, confidence, bbox_x, bbox_y, bbox_width, bbox_height,
         media_type, video_width, video_height, media_file_id, frame_index, frame_offset_ms, run_id, model_id)
  SELECT m.camera_id, m.path, 'mp4', ${AT}, (ARRAY['person', 'car', 'dog'])[1 + n % 3], 0.5, n % 1000, 5, 100, 200, 'video', 1920, 1080,
         m.id, n % 100, 0, '${RUN_ID}', 'bench'
    FROM media_files m,
         LATERAL (SELECT round(extract(epoch FROM m.captured_at - :month::timestamptz)
                               / extract(epoch FROM interval '28 days' / :rows::integer))::integer + k AS n
                    FROM generate_series(0, ${String(ROWS_PER_FILE - 1)}) AS k) AS o
   WHERE m.captured_at >= :month::timestamptz AND m.captured_at < :month::timestamptz + interval '1 month'`;

const EVENTS = `
  INSERT INTO events (batch_id, camera_id, started_at, ended_at, object_types, detection_count, detection_ids, summary)
  SELECT 'b' || min(d.id), d.camera_id, min(d.detected_at), max(d.detected_at), 'person', count(*), json_agg(d.id)::text, 'A person passed.'
    FROM detections d WHERE ${RANGE} GROUP BY d.camera_id, d.media_file_id, d.id / ${String(ROWS_PER_EVENT)}`;

const MEMBERS = `
  INSERT INTO event_detections (event_id, detection_id, detected_at)
  SELECT e.id, g.id, g.detected_at
    FROM (SELECT d.id, d.detected_at, 'b' || min(d.id) OVER (PARTITION BY d.media_file_id, d.id / ${String(ROWS_PER_EVENT)}) AS batch_id
            FROM detections d WHERE ${RANGE}) AS g
    JOIN events e USING (batch_id)
   WHERE g.id % ${String(ROWS_PER_EVENT)} <> 0`;

const RESULTS = [
  `INSERT INTO pose_results (detection_id, detected_at, pose_class, confidence)
   SELECT d.id, d.detected_at, 'standing', 0.5 FROM detections d WHERE ${RANGE} AND d.id % 3 = 0`,
  `INSERT INTO action_results (detection_id, detected_at, action, confidence)
   SELECT d.id, d.detected_at, 'walking', 0.5 FROM detections d WHERE ${RANGE} AND d.id % 3 = 0`,
  `INSERT INTO demographics_results (detection_id, detected_at, age_range, gender)
   SELECT d.id, d.detected_at, '31-40', 'unknown' FROM detections d WHERE ${RANGE} AND d.id % 3 = 0`,
  `INSERT INTO reid_embeddings (detection_id, detected_at, embedding, dimension, model_id)
   SELECT d.id, d.detected_at, decode(repeat(md5(d.id::text), 128), 'hex'), 512, 'bench' FROM detections d WHERE ${RANGE} AND d.id % 10 = 0`,
  `INSERT INTO threat_detections (detection_id, detected_at, threat_type, confidence, severity)
   SELECT d.id, d.detected_at, 'knife', 0.5, 'high' FROM detections d WHERE ${RANGE} AND d.id % 100 = 0`,
];

const STATEMENTS = [FILES, DETECTIONS, EVENTS, MEMBERS, ...RESULTS];
