import type { Knex } from 'knex';

import { runLockKey } from '../lock-keys.ts';
import { findHeldKeys } from '../locks.ts';

/** A job that a live run works on, or a live run that is between two jobs. */
export type WorkRow = {
  run_id: string;
  command: string;
  started_at: Date;
  heartbeat_at: Date;
  job_id: string | null;
  job_type: string | null;
  queue_name: string | null;
  progress_percent: number | null;
  current_step: string | null;
  job_started_at: Date | null;
};

/** What runs that have a process work on, the oldest run first. A run of a command has its own job, one of a worker those it took. */
export async function findLiveWork(knex: Knex): Promise<WorkRow[]> {
  const { rows } = await knex.raw<{ rows: WorkRow[] }>(
    `SELECT r.id AS run_id, r.command, r.started_at, r.heartbeat_at, j.id AS job_id, j.job_type, j.queue_name, j.progress_percent,
            j.current_step, j.started_at AS job_started_at
       FROM runs r
       LEFT JOIN LATERAL (
            SELECT * FROM jobs WHERE status = 'running' AND (id = r.job_id
                OR id IN (SELECT job_id FROM job_attempts WHERE status = 'started' AND worker_id = r.id::text))) j ON true
      WHERE r.ended_at IS NULL ORDER BY r.started_at, r.id, j.started_at, j.id`,
  );
  if (rows.length === 0) return rows;
  const held = await findHeldKeys(knex);
  return rows.filter((row) => held.has(runLockKey(row.run_id)));
}

/** Runs that have a process, of whatever command. */
export async function findLiveRuns(knex: Knex): Promise<{ id: string; command: string }[]> {
  const open = await knex<{ id: string; command: string; ended_at: Date | null }>('runs').whereNull('ended_at').select('id', 'command');
  if (open.length === 0) return open;
  const held = await findHeldKeys(knex);
  return open.filter((run) => held.has(runLockKey(run.id)));
}

/** How many files each run has finished after `since`. */
export async function countFilesByRun(knex: Knex, since: Date): Promise<{ run_id: string; files: number }[]> {
  return knex('media_files')
    .where('processed_at', '>', since)
    .whereNotNull('run_id')
    .groupBy('run_id')
    .select('run_id')
    .count({ files: '*' });
}

/** `queue_name` is null of jobs that a command did itself, `worker_id` the run of the last attempt. */
export type FinishedJobsRow = { queue_name: string | null; worker_id: string | null; jobs: number };

/** How many jobs were over for good after `since`: one that waits for another attempt is not. */
export async function countFinishedJobs(knex: Knex, since: Date): Promise<FinishedJobsRow[]> {
  const { rows } = await knex.raw<{ rows: FinishedJobsRow[] }>(
    `SELECT j.queue_name, a.worker_id, count(*) AS jobs
       FROM (SELECT DISTINCT job_id, to_status FROM job_transitions WHERE transitioned_at > ?) t
       JOIN jobs j ON j.id = t.job_id AND j.status = t.to_status
       LEFT JOIN job_attempts a ON a.job_id = j.id AND a.attempt_number = j.attempt_number
      WHERE j.status IN ('completed', 'cancelled') OR (j.status = 'failed' AND j.next_retry_at IS NULL)
      GROUP BY j.queue_name, a.worker_id`,
    [since],
  );
  return rows;
}

export type QueueRow = { queue_name: string | null; queued: number; running: number; failed: number; oldest_queued_at: Date | null };

/** What is left in each queue; a job that waits for another attempt counts as failed until it is queued again. */
export async function countQueues(knex: Knex): Promise<QueueRow[]> {
  const { rows } = await knex.raw<{ rows: QueueRow[] }>(
    `SELECT queue_name, count(*) FILTER (WHERE status = 'queued') AS queued, count(*) FILTER (WHERE status = 'running') AS running,
            count(*) FILTER (WHERE status = 'failed') AS failed, min(created_at) FILTER (WHERE status = 'queued') AS oldest_queued_at
       FROM jobs WHERE status IN ('queued', 'running', 'failed') GROUP BY queue_name ORDER BY queue_name NULLS LAST`,
  );
  return rows;
}
