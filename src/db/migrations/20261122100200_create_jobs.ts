import type { Knex } from 'knex';

import { JOB_STATUSES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  await runSql(knex, TABLE);
  await runSql(knex, INDEXES);
  await addComments(knex, 'jobs', {
    table: 'A background job that outlives one command: queue entry, progress, result.',
    columns: {
      job_type: 'ingest, export, cleanup, backup, …; deliberately open',
      priority: '0 highest … 4 lowest',
      progress_percent: '0–100, never backwards within an attempt; 100 means completed and nothing else',
      next_retry_at: 'not claimed before this time',
      attempt_number: 'the attempt that runs or ran last, from 1',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE jobs');
}

const TABLE = `
  CREATE TABLE jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_type varchar(50) NOT NULL,
    status text NOT NULL DEFAULT 'queued',
    queue_name varchar(100),
    priority integer NOT NULL DEFAULT 2,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    started_at timestamptz(3),
    completed_at timestamptz(3),
    next_retry_at timestamptz(3),
    progress_percent integer NOT NULL DEFAULT 0,
    current_step varchar(255),
    result jsonb,
    error_message text,
    error_traceback text,
    attempt_number integer NOT NULL DEFAULT 1,
    max_attempts integer NOT NULL DEFAULT 3,
    ${enumCheck('jobs', 'status', JOB_STATUSES)},
    CONSTRAINT ck_jobs_progress_range CHECK (progress_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_jobs_progress_completed CHECK ((status = 'completed') = (progress_percent = 100)),
    CONSTRAINT ck_jobs_priority_range CHECK (priority BETWEEN 0 AND 4),
    CONSTRAINT ck_jobs_attempt_number_min CHECK (attempt_number >= 1),
    CONSTRAINT ck_jobs_max_attempts_min CHECK (max_attempts >= 1),
    CONSTRAINT ck_jobs_attempts CHECK (attempt_number <= max_attempts),
    CONSTRAINT ck_jobs_started_after_created CHECK (started_at >= created_at),
    CONSTRAINT ck_jobs_completed_after_created CHECK (completed_at >= created_at),
    CONSTRAINT ck_jobs_finished CHECK ((status IN ('completed', 'failed', 'cancelled')) = (completed_at IS NOT NULL)),
    CONSTRAINT ck_jobs_running CHECK (status <> 'running' OR started_at IS NOT NULL)
  )`;

const INDEXES = `
  CREATE INDEX idx_jobs_status ON jobs (status);
  CREATE INDEX idx_jobs_job_type ON jobs (job_type);
  CREATE INDEX idx_jobs_created_at ON jobs (created_at);
  CREATE INDEX idx_jobs_queue_name ON jobs (queue_name);
  CREATE INDEX idx_jobs_priority ON jobs (priority);
  CREATE INDEX idx_jobs_status_created_at ON jobs (status, created_at);
  CREATE INDEX idx_jobs_job_type_status ON jobs (job_type, status);
  CREATE INDEX ix_jobs_created_at_brin ON jobs USING brin (created_at);
  CREATE INDEX idx_jobs_claim ON jobs (priority, created_at) WHERE status = 'queued'`;
