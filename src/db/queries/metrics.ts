import type { Knex } from 'knex';

import type { AlertStatus, JobStatus, Severity } from '../../domain/enums.ts';

export async function countAlertStates(knex: Knex): Promise<{ severity: Severity; status: AlertStatus; alerts: number }[]> {
  return knex('alerts').groupBy('severity', 'status').select('severity', 'status').count({ alerts: '*' });
}

export async function countJobStates(knex: Knex): Promise<{ job_type: string; status: JobStatus; jobs: number }[]> {
  return knex('jobs').groupBy('job_type', 'status').orderBy('job_type').select('job_type', 'status').count({ jobs: '*' });
}

/** `oldest_at`: when the oldest of them was created. */
export type QueueStateRow = { queue_name: string | null; status: JobStatus; jobs: number; oldest_at: Date };

export async function countQueueStates(knex: Knex): Promise<QueueStateRow[]> {
  return knex('jobs')
    .groupBy('queue_name', 'status')
    .orderBy('queue_name')
    .select('queue_name', 'status')
    .count({ jobs: '*' })
    .min({ oldest_at: 'created_at' });
}

export type LastRunRow = { command: string; started_at: Date; ended_at: Date; exit_code: number };

/** The run of each command that ended last. */
export async function findLastRuns(knex: Knex): Promise<LastRunRow[]> {
  const { rows } = await knex.raw<{ rows: LastRunRow[] }>(
    `SELECT DISTINCT ON (command) command, started_at, ended_at, exit_code FROM runs
      WHERE ended_at IS NOT NULL ORDER BY command, ended_at DESC, id DESC`,
  );
  return rows;
}
