import type { Knex } from 'knex';

import { JOB_ATTEMPT_STATUSES, JOB_STATUSES, JOB_TRANSITION_TRIGGERS, LOG_LEVELS } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [ATTEMPTS, LOGS, TRANSITIONS]) await runSql(knex, sql);
  await addComments(knex, 'job_attempts', {
    table: 'Retry history of a job, one row per attempt.',
    columns: { worker_id: 'run id of the worker' },
  });
  await addComments(knex, 'job_logs', { table: 'Log lines of a job.', columns: {} });
  await addComments(knex, 'job_transitions', {
    table: 'State changes of a job, a chain that begins at queued; creation writes none.',
    columns: { metadata_json: 'JSON as text' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE job_transitions; DROP TABLE job_logs; DROP TABLE job_attempts');
}

const ATTEMPTS = `
  CREATE TABLE job_attempts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL CONSTRAINT fk_job_attempts_job_id REFERENCES jobs ON DELETE CASCADE,
    attempt_number integer NOT NULL DEFAULT 1,
    started_at timestamptz(3) NOT NULL DEFAULT now(),
    ended_at timestamptz(3),
    status text NOT NULL DEFAULT 'started',
    worker_id varchar(100),
    error_message text,
    error_traceback text,
    result jsonb,
    ${enumCheck('job_attempts', 'status', JOB_ATTEMPT_STATUSES)},
    CONSTRAINT ck_job_attempts_attempt_number CHECK (attempt_number >= 1),
    CONSTRAINT ck_job_attempts_time_order CHECK (ended_at >= started_at),
    CONSTRAINT ck_job_attempts_ended CHECK ((status = 'started') = (ended_at IS NULL))
  );
  CREATE UNIQUE INDEX idx_job_attempts_job_attempt ON job_attempts (job_id, attempt_number);
  CREATE INDEX idx_job_attempts_status ON job_attempts (status);
  CREATE INDEX ix_job_attempts_started_at_brin ON job_attempts USING brin (started_at)`;

const LOGS = `
  CREATE TABLE job_logs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL CONSTRAINT fk_job_logs_job_id REFERENCES jobs ON DELETE CASCADE,
    attempt_number integer NOT NULL DEFAULT 1,
    timestamp timestamptz(3) NOT NULL DEFAULT now(),
    level text NOT NULL DEFAULT 'info',
    message text NOT NULL,
    context jsonb,
    ${enumCheck('job_logs', 'level', LOG_LEVELS)},
    CONSTRAINT ck_job_logs_attempt_number CHECK (attempt_number >= 1)
  );
  CREATE INDEX idx_job_logs_job_attempt ON job_logs (job_id, attempt_number);
  CREATE INDEX idx_job_logs_level ON job_logs (level);
  CREATE INDEX idx_job_logs_job_timestamp ON job_logs (job_id, timestamp);
  CREATE INDEX ix_job_logs_timestamp_brin ON job_logs USING brin (timestamp)`;

const TRANSITIONS = `
  CREATE TABLE job_transitions (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    job_id uuid NOT NULL CONSTRAINT fk_job_transitions_job_id REFERENCES jobs ON DELETE CASCADE,
    from_status text NOT NULL,
    to_status text NOT NULL,
    transitioned_at timestamptz(3) NOT NULL DEFAULT now(),
    triggered_by text NOT NULL DEFAULT 'worker',
    metadata_json text,
    ${enumCheck('job_transitions', 'from_status', JOB_STATUSES)},
    ${enumCheck('job_transitions', 'to_status', JOB_STATUSES)},
    ${enumCheck('job_transitions', 'triggered_by', JOB_TRANSITION_TRIGGERS)},
    CONSTRAINT ck_job_transitions_move CHECK ((from_status, to_status) IN (
      ('queued', 'running'), ('queued', 'cancelled'), ('running', 'completed'),
      ('running', 'failed'), ('running', 'cancelled'), ('failed', 'queued')))
  );
  CREATE INDEX idx_job_transitions_job_id ON job_transitions (job_id);
  CREATE INDEX idx_job_transitions_transitioned_at ON job_transitions (transitioned_at);
  CREATE INDEX idx_job_transitions_job_id_transitioned_at ON job_transitions (job_id, transitioned_at)`;
