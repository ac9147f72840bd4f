import type { Knex } from 'knex';

import { failRunningJob, reapDeadRun } from '../../models/reap-dead-run.ts';
import { collectBroken, type Broken, type CheckScope } from './broken.ts';
import { findHeldRuns } from './runs.ts';

/** `worker_ids`: of the open attempts; a worker's run is that of many jobs. */
type RunningJob = { id: string; job_type: string; run_ids: string[]; worker_ids: string[] };

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
export async function readAbandoned(knex: Knex): Promise<RunningJob[]> {
  const before = await readRunning(knex);
  const runsOf = (job: RunningJob): string[] => [...job.run_ids, ...job.worker_ids];
  const live = await findHeldRuns(knex, before.flatMap(runsOf));
  const after = new Set((await readRunning(knex)).map((job) => job.id));
  return before.filter((job) => after.has(job.id) && !runsOf(job).some((id) => live.has(id)));
}

async function readRunning(knex: Knex): Promise<RunningJob[]> {
  const { rows } = await knex.raw<{ rows: RunningJob[] }>(
    `SELECT j.id, j.job_type, coalesce((SELECT array_agg(r.id::text) FROM runs r WHERE r.job_id = j.id), '{}') AS run_ids,
            coalesce((SELECT array_agg(a.worker_id::text) FROM job_attempts a
                       WHERE a.job_id = j.id AND a.status = 'started' AND a.worker_id IS NOT NULL), '{}') AS worker_ids
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
