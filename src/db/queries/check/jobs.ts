import type { Knex } from 'knex';

import { failRunningJob, reapDeadRun } from '../../models/reap-dead-run.ts';
import { collectBroken, finder, type Broken, type CheckScope } from './broken.ts';
import { findHeldRuns } from './runs.ts';

export const findWrongProgress = finder(`
  SELECT format('job %s', id) AS place, format('is %s at %s %%', status, progress_percent) AS text
    FROM jobs WHERE (status = 'completed') <> (progress_percent = 100)
  UNION ALL
  SELECT format('export job %s', id), format('is %s at %s %%', status, progress_percent)
    FROM export_jobs WHERE (status = 'completed') <> (progress_percent = 100)`);

export const findBrokenChains = finder(`
  SELECT format('job %s', job_id) AS place, format('goes on from %s, it was %s', from_status, before) AS text
    FROM (SELECT job_id, from_status, lag(to_status, 1, 'queued') OVER (PARTITION BY job_id ORDER BY transitioned_at, id) AS before
            FROM job_transitions) moves
   WHERE from_status <> before
  UNION ALL
  SELECT format('job %s', j.id), format('is %s, its transitions end in %s', j.status, coalesce(t.to_status, 'queued'))
    FROM jobs j LEFT JOIN LATERAL (SELECT to_status FROM job_transitions WHERE job_id = j.id ORDER BY transitioned_at DESC, id DESC LIMIT 1) t ON true
   WHERE j.status <> coalesce(t.to_status, 'queued')`);

export const findWrongAttempts = finder(`
  SELECT format('job %s', j.id) AS place, format('is at attempt %s, its attempts end with %s', j.attempt_number, coalesce(a.last::text, 'none')) AS text
    FROM jobs j CROSS JOIN LATERAL (SELECT max(attempt_number) AS last FROM job_attempts WHERE job_id = j.id) a
   WHERE j.started_at IS NOT NULL AND a.last IS DISTINCT FROM j.attempt_number
  UNION ALL
  SELECT format('job %s', j.id), format('is %s, its attempt %s is still open', j.status, a.attempt_number)
    FROM jobs j JOIN job_attempts a ON a.job_id = j.id AND a.status = 'started' WHERE j.status IN ('completed', 'failed', 'cancelled')`);

type RunningJob = { id: string; job_type: string; run_ids: string[] };

/** Running jobs that no process works on. */
export async function findAbandonedJobs(knex: Knex, { limit }: CheckScope): Promise<Broken> {
  const broken = collectBroken(limit);
  for (const { id, job_type: type } of await readAbandoned(knex)) {
    broken.add({ where: `job ${id}`, text: `${type} is running, and no process works on it` });
  }
  return broken;
}

export async function failAbandonedJobs(trx: Knex.Transaction): Promise<number> {
  let failed = 0;
  for (const { id, run_ids: runIds } of await readAbandoned(trx)) {
    let isFailed = false;
    for (const runId of runIds) isFailed = (await reapDeadRun(trx, runId))?.failedJobId === id || isFailed;
    if (isFailed || (await failRunningJob(trx, id))) failed += 1;
  }
  return failed;
}

/** Only what runs before and after the look at the locks, so that a job which ends meanwhile is no finding. */
async function readAbandoned(knex: Knex): Promise<RunningJob[]> {
  const before = await readRunning(knex);
  const live = await findHeldRuns(
    knex,
    before.flatMap((job) => job.run_ids),
  );
  const after = new Set((await readRunning(knex)).map((job) => job.id));
  return before.filter((job) => after.has(job.id) && !job.run_ids.some((id) => live.has(id)));
}

async function readRunning(knex: Knex): Promise<RunningJob[]> {
  const { rows } = await knex.raw<{ rows: RunningJob[] }>(
    `SELECT j.id, j.job_type, coalesce((SELECT array_agg(r.id::text) FROM runs r WHERE r.job_id = j.id), '{}') AS run_ids
       FROM jobs j WHERE j.status = 'running' ORDER BY j.created_at, j.id`,
  );
  return rows;
}

export type ExportFileRow = { id: string; output_path: string; output_size_bytes: number | null };

/** The newest finished export of each path: earlier ones were overwritten. */
export async function readExportFiles(knex: Knex): Promise<ExportFileRow[]> {
  const { rows } = await knex.raw<{ rows: ExportFileRow[] }>(
    `SELECT DISTINCT ON (output_path) id, output_path, output_size_bytes FROM export_jobs
      WHERE status = 'completed' AND output_path IS NOT NULL ORDER BY output_path, completed_at DESC, id DESC`,
  );
  return rows;
}
