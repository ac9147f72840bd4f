import type { Knex } from 'knex';

const TABLES = ['cameras', 'media_files', 'detections', 'tracks', 'events', 'event_detections'] as const;

/** Every column of every row of what an ingest stores, in a fixed order: equal dumps mean that nothing at all was written. */
export async function dumpStore(knex: Knex): Promise<Record<string, string[]>> {
  const dump: Record<string, string[]> = {};
  for (const table of TABLES) {
    const { rows } = await knex.raw<{ rows: { row: string }[] }>('SELECT to_jsonb(t)::text AS row FROM ?? t ORDER BY 1', [table]);
    dump[table] = rows.map(({ row }) => row);
  }
  return dump;
}

export type NormalisedRows = { files: unknown[]; detections: unknown[]; tracks: unknown[]; events: unknown[] };

/**
 * What was stored without what may differ from run to run: ids, run ids, times of processing, attempts, versions. A
 * detection is named by the content of its file, its frame and its place in the frame; tracks and events by their members.
 */
export async function readNormalisedRows(knex: Knex, folder: string): Promise<NormalisedRows> {
  const files = await select(knex, FILES, [folder]);
  const detections = await select(knex, DETECTIONS, [folder]);
  const tracks = await select(knex, TRACKS);
  const events = await select(knex, EVENTS);
  return { files, detections, tracks, events };
}

async function select(knex: Knex, sql: string, bindings: readonly string[] = []): Promise<unknown[]> {
  const { rows } = await knex.raw<{ rows: { row: unknown }[] }>(sql, [...bindings]);
  return rows.map(({ row }) => row);
}

const FILES = `
  SELECT to_jsonb(f) - '{id,run_id,attempts,next_retry_at,processed_at,analysis_ms,first_seen_at,last_seen_at,path,modified_at,object_etag,failure_message}'::text[]
         || jsonb_build_object('path', replace(path, ?, '')) AS row
    FROM media_files f ORDER BY camera_id, path, content_sha256`;

const NAMED = `
  named AS (SELECT d.*, concat_ws('/', left(f.content_sha256, 16), d.frame_offset_ms,
                   row_number() OVER (PARTITION BY d.media_file_id, d.frame_index ORDER BY d.id)) AS name
              FROM detections d JOIN media_files f ON f.id = d.media_file_id)`;

const DETECTIONS = `
  WITH ${NAMED}
  SELECT to_jsonb(n) - '{id,run_id,media_file_id,track_id,file_path}'::text[] || jsonb_build_object('file', replace(file_path, ?, '')) AS row
    FROM named n ORDER BY camera_id, detected_at, name`;

const TRACKS = `
  WITH ${NAMED}
  SELECT to_jsonb(t) - '{id,first_detection_id,best_detection_id,created_at}'::text[]
         || jsonb_build_object('first', a.name, 'best', b.name, 'members',
              (SELECT jsonb_agg(n.name ORDER BY n.detected_at, n.name) FROM named n WHERE n.track_id = t.id)) AS row
    FROM tracks t LEFT JOIN named a ON a.id = t.first_detection_id LEFT JOIN named b ON b.id = t.best_detection_id
   ORDER BY t.camera_id, t.first_seen, a.name`;

const EVENTS = `
  WITH ${NAMED}
  SELECT to_jsonb(e) - '{id,version,run_id,analyzed_at,detection_ids}'::text[]
         || jsonb_build_object('members', (SELECT jsonb_agg(n.name ORDER BY n.detected_at, n.name)
              FROM event_detections m JOIN named n ON n.id = m.detection_id WHERE m.event_id = e.id),
            'listed', (SELECT jsonb_agg(n.name ORDER BY n.detected_at, n.name)
              FROM jsonb_array_elements_text(e.detection_ids::jsonb) AS i(id) JOIN named n ON n.id = i.id::bigint)) AS row
    FROM events e ORDER BY e.camera_id, e.started_at, e.batch_id`;
