import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** What jobs need that are left to workers: the same work is queued once, and somebody can ask a running one to stop. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, COLUMNS);
  await runSql(knex, INDEXES);
  await addComments(knex, 'jobs', {
    columns: {
      natural_key: 'names the work: what waits already is not queued again',
      cancel_requested_at: 'a user wants it to stop; its worker does so at the next safe point',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `DROP INDEX uq_job_attempts_open;
     DROP INDEX idx_jobs_unfinished;
     ALTER TABLE jobs DROP natural_key, DROP cancel_requested_at`,
  );
}

const COLUMNS = `
  ALTER TABLE jobs
    ADD natural_key varchar(200),
    ADD cancel_requested_at timestamptz(3)`;

/** Work that waits: for its first attempt, or for another one. */
const WAITS = `status = 'queued' OR (status = 'failed' AND next_retry_at IS NOT NULL)`;

const INDEXES = `
  CREATE UNIQUE INDEX uq_jobs_natural_key ON jobs (natural_key) WHERE ${WAITS};
  CREATE INDEX idx_jobs_unfinished ON jobs (queue_name) WHERE queue_name IS NOT NULL AND (status = 'running' OR ${WAITS});
  CREATE UNIQUE INDEX uq_job_attempts_open ON job_attempts (job_id) WHERE status = 'started'`;
