import type { Knex } from 'knex';

import { JOB_QUEUES, type JobQueue } from '../../domain/job-queues.ts';
import { uuidV7 } from '../uuid-v7.ts';
import type { JobRow } from './jobs.ts';

/** A job that a worker is to do. */
export type NewQueuedJob = {
  queue: JobQueue;
  jobType: string;
  payload: object;
  /** 0 highest … 4 lowest. */
  priority: number;
  /** Names the work: what waits under this name already is not queued again. */
  naturalKey: string;
  /** Whether it is queued beside one that runs already: for work that must look once more at what has come since. */
  evenWhileRunning: boolean;
  maxAttempts?: number | undefined;
  /** Not handed out before so long from now. */
  delayMs?: number | undefined;
};

export type QueuedJob = { id: string; queue: JobQueue; priority: number; startAfter: Date | null };

/**
 * Inserts what does not wait (or run) already, in one statement: in the order of names, so that two who insert the same do not wait for
 * each other. Returned in the order given.
 */
export async function insertQueuedJobs(trx: Knex.Transaction, jobs: readonly NewQueuedJob[]): Promise<QueuedJob[]> {
  const rows = jobs.map(({ queue, jobType, payload, priority, naturalKey, evenWhileRunning, maxAttempts, delayMs }) => ({
    id: uuidV7(),
    job_type: jobType,
    queue_name: queue,
    priority,
    payload,
    natural_key: naturalKey,
    max_attempts: maxAttempts ?? 3,
    delay_ms: delayMs ?? null,
    even_while_running: evenWhileRunning,
  }));
  const { rows: inserted } = await trx.raw<{ rows: QueuedJob[] }>(
    `INSERT INTO jobs (id, job_type, queue_name, priority, payload, natural_key, max_attempts, next_retry_at)
     SELECT n.id, n.job_type, n.queue_name, n.priority, n.payload, n.natural_key, n.max_attempts, now() + n.delay_ms * interval '1 ms'
       FROM jsonb_to_recordset(?::jsonb) AS n (id uuid, job_type text, queue_name text, priority int, payload jsonb, natural_key text,
                                               max_attempts int, delay_ms int, even_while_running boolean)
      WHERE n.even_while_running
         OR NOT EXISTS (SELECT FROM jobs r WHERE r.natural_key = n.natural_key AND r.queue_name = n.queue_name AND r.status = 'running')
      ORDER BY n.natural_key
     ON CONFLICT DO NOTHING
     RETURNING id, queue_name AS queue, priority, next_retry_at AS "startAfter"`,
    [JSON.stringify(rows)],
  );
  return inserted.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The unfinished job that goes by this name, one that waits before one that runs. */
export async function findUnfinishedJob(knex: Knex, naturalKey: string): Promise<JobRow | undefined> {
  return knex<JobRow>('jobs')
    .where({ natural_key: naturalKey })
    .whereIn('queue_name', [...JOB_QUEUES])
    .whereRaw(`(status IN ('queued', 'running') OR (status = 'failed' AND next_retry_at IS NOT NULL))`)
    .orderByRaw(`status = 'running', created_at`)
    .first();
}

/** Whether any worker is at a job, or was when it died. */
export async function hasRunningJobs(knex: Knex): Promise<boolean> {
  const { rows } = await knex.raw<{ rows: { found: boolean }[] }>(
    `SELECT EXISTS (SELECT FROM jobs WHERE queue_name IS NOT NULL AND status = 'running') AS found`,
  );
  return rows[0]?.found === true;
}

/** How many jobs of a queue are not over. */
export async function countUnfinished(knex: Knex, queues: readonly JobQueue[]): Promise<number> {
  const { rows } = await knex.raw<{ rows: { n: number }[] }>(
    `SELECT count(*)::int AS n FROM jobs
      WHERE queue_name = ANY (?) AND (status IN ('queued', 'running') OR (status = 'failed' AND next_retry_at IS NOT NULL))`,
    [[...queues]],
  );
  return rows[0]?.n ?? 0;
}

/** Gives up the name of a job that is to wait again where another one waits under it by now. */
export async function yieldNaturalKey(trx: Knex.Transaction, id: string): Promise<void> {
  await trx.raw(
    `UPDATE jobs j SET natural_key = NULL
      WHERE j.id = ? AND EXISTS (SELECT FROM jobs o WHERE o.natural_key = j.natural_key AND o.id <> j.id
              AND (o.status = 'queued' OR (o.status = 'failed' AND o.next_retry_at IS NOT NULL)))`,
    [id],
  );
}

/** Jobs among these that a user wants to stop, or that are not at this attempt any more. */
export async function findDisturbed(
  knex: Knex,
  attempts: readonly { jobId: string; attemptNumber: number }[],
): Promise<{ id: string; cancelled: boolean }[]> {
  const { rows } = await knex.raw<{ rows: { id: string; cancelled: boolean }[] }>(
    `SELECT a.id, coalesce(j.status = 'running' AND j.attempt_number = a.attempt_number, false) AS cancelled
       FROM jsonb_to_recordset(?::jsonb) AS a (id uuid, attempt_number int) LEFT JOIN jobs j ON j.id = a.id
      WHERE j.id IS NULL OR j.status <> 'running' OR j.attempt_number <> a.attempt_number OR j.cancel_requested_at IS NOT NULL`,
    [JSON.stringify(attempts.map(({ jobId, attemptNumber }) => ({ id: jobId, attempt_number: attemptNumber })))],
  );
  return rows;
}

export async function isCancelRequested(knex: Knex, id: string): Promise<boolean> {
  const row = await knex('jobs').where({ id }).whereNotNull('cancel_requested_at').first<{ id: string } | undefined>('id');
  return row !== undefined;
}

export async function requestCancel(trx: Knex.Transaction, id: string): Promise<void> {
  await trx('jobs').where({ id, status: 'running' }).update({ cancel_requested_at: trx.fn.now() });
}

/** Running jobs whose worker has ended. */
export async function findJobsOfEndedRuns(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `SELECT j.id FROM jobs j JOIN job_attempts a ON a.job_id = j.id AND a.status = 'started'
       JOIN runs r ON r.id::text = a.worker_id AND r.ended_at IS NOT NULL
      WHERE j.status = 'running' AND j.queue_name IS NOT NULL`,
  );
  return rows.map(({ id }) => id);
}
