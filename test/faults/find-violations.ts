import type { Knex } from 'knex';

/** What must never be left behind by a run that ended, or that was found dead; one line each. */
export async function findViolations(knex: Knex): Promise<string[]> {
  const found: string[] = [];
  for (const [what, sql] of Object.entries(RULES)) {
    const { rows } = await knex.raw<{ rows: { what: string }[] }>(sql);
    found.push(...rows.map((row) => `${what}: ${row.what}`));
  }
  return found;
}

const RULES: Readonly<Record<string, string>> = {
  'file still claimed': `SELECT path AS what FROM media_files WHERE status = 'processing'`,
  'file waits for derivation': `SELECT path AS what FROM media_files WHERE derive_from IS NOT NULL`,
  'run is open': 'SELECT id::text AS what FROM runs WHERE ended_at IS NULL OR exit_code IS NULL',
  'attempt is open': `SELECT job_id::text AS what FROM job_attempts WHERE status = 'started' OR ended_at IS NULL`,
  'job is not over': `SELECT concat_ws(' ', id, status) AS what FROM jobs WHERE status NOT IN ('completed', 'failed', 'cancelled')`,
  'job and last transition differ': `
    SELECT j.id::text AS what FROM jobs j WHERE j.status IS DISTINCT FROM coalesce(
      (SELECT t.to_status FROM job_transitions t WHERE t.job_id = j.id ORDER BY t.transitioned_at DESC, t.id DESC LIMIT 1), 'queued')`,
  'transitions are no chain': `
    SELECT job_id::text AS what FROM (SELECT job_id, from_status,
             lag(to_status, 1, 'queued') OVER (PARTITION BY job_id ORDER BY transitioned_at, id) AS before
        FROM job_transitions) t
     WHERE from_status IS DISTINCT FROM before`,
  'attempts have a hole': `
    SELECT job_id::text AS what FROM job_attempts a JOIN jobs j ON j.id = a.job_id GROUP BY job_id, j.attempt_number, j.status
    HAVING count(*) <> max(a.attempt_number) OR max(a.attempt_number) <> j.attempt_number`,
  'detection without a finished file': `
    SELECT d.id::text AS what FROM detections d LEFT JOIN media_files f ON f.id = d.media_file_id
     WHERE f.id IS NULL OR f.status NOT IN ('done', 'partial')`,
  'detection twice': `
    SELECT media_file_id::text AS what FROM detections GROUP BY media_file_id, frame_index, bbox_x, bbox_y, bbox_width, bbox_height, object_type
    HAVING count(*) > 1`,
  'track of nothing': `SELECT id::text AS what FROM tracks t WHERE NOT EXISTS (SELECT FROM detections d WHERE d.id = t.first_detection_id)`,
  'detection of a lost track': `SELECT id::text AS what FROM detections d WHERE track_id IS NOT NULL AND NOT EXISTS (SELECT FROM tracks t WHERE t.id = d.track_id)`,
  'event without detections':
    'SELECT id::text AS what FROM events e WHERE NOT EXISTS (SELECT FROM event_detections m WHERE m.event_id = e.id)',
  'detection in two events': 'SELECT detection_id::text AS what FROM event_detections GROUP BY 1 HAVING count(*) > 1',
};
