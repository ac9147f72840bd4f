import type { Knex } from 'knex';

export type IngestRateRow = { run_id: string; started_at: Date; ended_at: Date; exit_code: number; files: number; footage_ms: number };

/** The last runs that took footage in, the newest first, with what they finished. */
export async function findIngestRates(knex: Knex, limit: number): Promise<IngestRateRow[]> {
  const { rows } = await knex.raw<{ rows: IngestRateRow[] }>(
    `SELECT r.id AS run_id, r.started_at, r.ended_at, r.exit_code, (j.result ->> 'finished')::integer AS files,
            coalesce((j.result ->> 'finishedFootageMs')::double precision, 0) AS footage_ms
       FROM runs r JOIN jobs j ON j.id = r.job_id
      WHERE r.command = 'ingest' AND r.ended_at IS NOT NULL AND (j.result ->> 'finished')::integer > 0
      ORDER BY r.started_at DESC, r.id DESC LIMIT ?`,
    [limit],
  );
  return rows;
}
