import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  await runSql(knex, TABLE);
  await addComments(knex, 'runs', {
    table: 'One row per command invocation that wrote data: where every row comes from. Never pruned.',
    columns: {
      command: 'e.g. ingest, events analyze',
      args_json: 'flags and arguments; passwords, keys and the user part of URLs replaced by ***',
      config_fingerprint: 'SHA-256 of the effective configuration without secrets',
      model_fingerprint: 'SHA-256 of detector file and detection settings',
      heartbeat_at: 'refreshed every 15 s; a live run also holds an advisory lock keyed by its id',
      exit_code: '255 = found dead',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE runs');
}

const TABLE = `
  CREATE TABLE runs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    command varchar(200) NOT NULL,
    args_json jsonb NOT NULL DEFAULT '{}',
    hs_version varchar(50) NOT NULL,
    config_fingerprint varchar(64) NOT NULL,
    model_fingerprint varchar(64),
    started_at timestamptz(3) NOT NULL DEFAULT now(),
    heartbeat_at timestamptz(3) NOT NULL DEFAULT now(),
    ended_at timestamptz(3),
    exit_code integer,
    job_id uuid CONSTRAINT fk_runs_job_id REFERENCES jobs ON DELETE SET NULL,
    CONSTRAINT ck_runs_args CHECK (jsonb_typeof(args_json) = 'object'),
    CONSTRAINT ck_runs_ended CHECK ((ended_at IS NULL) = (exit_code IS NULL)),
    CONSTRAINT ck_runs_time_order CHECK (ended_at >= started_at AND heartbeat_at >= started_at),
    CONSTRAINT ck_runs_exit_code CHECK (exit_code BETWEEN 0 AND 255)
  );
  CREATE INDEX idx_runs_started_at ON runs (started_at);
  CREATE INDEX idx_runs_job_id ON runs (job_id);
  CREATE INDEX idx_runs_open ON runs (heartbeat_at) WHERE ended_at IS NULL`;
