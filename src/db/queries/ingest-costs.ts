import type { Knex } from 'knex';

import type { MediaType } from '../../domain/enums.ts';

export type FileCostRow = {
  media_type: MediaType;
  codec: string | null;
  height: number | null;
  duration_ms: number | null;
  analysis_ms: number;
  detections: number;
};

/** What the files that were analysed last, in the same way, have taken and shown: the newest so many of each kind. */
export async function findFileCosts(knex: Knex, options: { modelFingerprint: string; eachKind: number }): Promise<FileCostRow[]> {
  const { rows } = await knex.raw<{ rows: FileCostRow[] }>(
    `SELECT f.media_type, f.codec, f.height, f.duration_ms, f.analysis_ms,
            (SELECT count(*) FROM detections d WHERE d.media_file_id = f.id) AS detections
       FROM unnest(ARRAY['image', 'video']) AS kind,
            LATERAL (SELECT * FROM media_files
                      WHERE media_type = kind AND model_fingerprint = ? AND analysis_ms IS NOT NULL
                        AND status IN ('done', 'partial') AND pruned_at IS NULL
                      ORDER BY processed_at DESC LIMIT ?) f`,
    [options.modelFingerprint, options.eachKind],
  );
  return rows;
}

export type RunCostRow = { run_id: string; wall_ms: number; workers: number; analysis_ms: number };

/** The last ingest runs with enough files to tell how long a run takes beside the analysis: listing, saving, deriving, scoring. */
export async function findRunCosts(knex: Knex, options: { fewestFiles: number; runs: number }): Promise<RunCostRow[]> {
  const { rows } = await knex.raw<{ rows: RunCostRow[] }>(
    `WITH last AS (
       SELECT r.id, r.started_at, r.ended_at, (j.result ->> 'workers')::integer AS workers
         FROM runs r JOIN jobs j ON j.id = r.job_id
        WHERE r.command = 'ingest' AND r.exit_code IN (0, 3, 7, 8) AND (j.result ->> 'finished')::integer >= ?
          AND (j.result ->> 'workers')::integer > 0
        ORDER BY r.started_at DESC LIMIT ?)
     SELECT l.id AS run_id, extract(epoch FROM l.ended_at - l.started_at)::double precision * 1000 AS wall_ms, l.workers,
            sum(f.analysis_ms)::double precision AS analysis_ms
       FROM last l JOIN media_files f ON f.run_id = l.id AND f.processed_at BETWEEN l.started_at AND l.ended_at + interval '1 s'
      WHERE f.analysis_ms IS NOT NULL GROUP BY l.id, l.started_at, l.ended_at, l.workers HAVING sum(f.analysis_ms) > 0
      ORDER BY l.started_at DESC`,
    [options.fewestFiles, options.runs],
  );
  return rows;
}

export type StoreSize = { files: number; detections: number; file_bytes: number; other_bytes: number };

/** How much room footage takes in the database: rows of the ledger, and all tables of what was seen in it. */
export async function readStoreSize(knex: Knex): Promise<StoreSize> {
  const { rows } = await knex.raw<{ rows: StoreSize[] }>(
    `WITH leaf AS (
       SELECT c.relname AS name, pg_total_relation_size(c.oid) AS bytes FROM pg_class c
        WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace)
     SELECT (SELECT count(*) FROM media_files) AS files, (SELECT count(*) FROM detections) AS detections,
            (SELECT bytes FROM leaf WHERE name = 'media_files') AS file_bytes,
            (SELECT coalesce(sum(bytes), 0)::bigint FROM leaf WHERE name LIKE 'detections_y%'
                OR name IN ('tracks', 'events', 'event_detections', 'scene_checks', 'scene_change_pictures', 'activity_hours')) AS other_bytes`,
  );
  const [size] = rows;
  if (size === undefined) throw new Error('the server said nothing about its tables');
  return size;
}
