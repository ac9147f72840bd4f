import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Commands that workers run at certain times. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, SCHEDULES);
  await addComments(knex, 'schedules', {
    table: 'Commands that workers run at certain times, and what came of the last one.',
    columns: {
      cron: 'five fields, read on clocks of time_zone',
      missed: 'what is done about a time at which no worker was there: nothing, or the command once, when one is there again',
      argv: 'words of the command, without the program',
      cwd: 'folder that relative paths in it begin at',
      next_due_at: 'wall clock; moved on in the transaction that queues the job',
      last_due_at: 'the last time that was due and looked at',
      last_fate: 'whether its command was queued, left out as the one before it still ran, or missed',
      last_job_id: 'the last job that was queued',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE schedules');
}

const SCHEDULES = `
  CREATE TABLE schedules (
    name varchar(64) PRIMARY KEY,
    cron varchar(200) NOT NULL,
    time_zone varchar(100) NOT NULL,
    missed varchar(10) NOT NULL,
    job_type varchar(100) NOT NULL,
    argv jsonb NOT NULL,
    cwd text NOT NULL,
    actor varchar(100) NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    next_due_at timestamptz(3) NOT NULL,
    last_due_at timestamptz(3),
    last_fate varchar(10),
    last_job_id uuid CONSTRAINT fk_schedules_last_job_id REFERENCES jobs ON DELETE SET NULL,
    CONSTRAINT ck_schedules_name CHECK (name ~ '^[A-Za-z0-9][A-Za-z0-9_.-]*$'),
    CONSTRAINT ck_schedules_missed CHECK (missed IN ('skip', 'once')),
    CONSTRAINT ck_schedules_last_fate CHECK (last_fate IN ('queued', 'left_out', 'missed')),
    CONSTRAINT ck_schedules_last_due CHECK ((last_fate IS NULL) = (last_due_at IS NULL)),
    CONSTRAINT ck_schedules_argv CHECK (jsonb_typeof(argv) = 'array' AND jsonb_array_length(argv) > 0)
  );
  CREATE INDEX idx_schedules_next_due_at ON schedules (next_due_at);
  CREATE INDEX idx_schedules_last_job_id ON schedules (last_job_id)`;
