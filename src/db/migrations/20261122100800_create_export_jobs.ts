import type { Knex } from 'knex';

import { EXPORT_FORMATS, EXPORT_JOB_STATUSES, EXPORT_TYPES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

/** A later migration adds the further type. */
const FIRST_TYPES = EXPORT_TYPES.filter((type) => type !== 'detections');

export async function up(knex: Knex): Promise<void> {
  await runSql(knex, TABLE);
  await addComments(knex, 'export_jobs', {
    table: 'One export: filter, progress, result file.',
    columns: { filter_params: 'JSON as text', output_path: 'the finished file' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE export_jobs');
}

const TABLE = `
  CREATE TABLE export_jobs (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    status text NOT NULL DEFAULT 'pending',
    export_type text NOT NULL,
    export_format text NOT NULL DEFAULT 'csv',
    total_items integer,
    processed_items integer NOT NULL DEFAULT 0,
    progress_percent integer NOT NULL DEFAULT 0,
    current_step varchar(255),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    started_at timestamptz(3),
    completed_at timestamptz(3),
    estimated_completion timestamptz(3),
    output_path text,
    output_size_bytes bigint,
    error_message text,
    filter_params text,
    ${enumCheck('export_jobs', 'status', EXPORT_JOB_STATUSES)},
    ${enumCheck('export_jobs', 'export_type', FIRST_TYPES)},
    ${enumCheck('export_jobs', 'export_format', EXPORT_FORMATS)},
    CONSTRAINT ck_export_jobs_progress_range CHECK (progress_percent BETWEEN 0 AND 100),
    CONSTRAINT ck_export_jobs_progress_completed CHECK ((status = 'completed') = (progress_percent = 100)),
    CONSTRAINT ck_export_jobs_processed_non_negative CHECK (processed_items >= 0),
    CONSTRAINT ck_export_jobs_total_non_negative CHECK (total_items >= 0),
    CONSTRAINT ck_export_jobs_size_non_negative CHECK (output_size_bytes >= 0),
    CONSTRAINT ck_export_jobs_finished CHECK ((status IN ('completed', 'failed')) = (completed_at IS NOT NULL)),
    CONSTRAINT ck_export_jobs_time_order CHECK (started_at >= created_at AND completed_at >= created_at)
  );
  CREATE INDEX idx_export_jobs_status ON export_jobs (status);
  CREATE INDEX idx_export_jobs_export_type ON export_jobs (export_type);
  CREATE INDEX idx_export_jobs_created_at ON export_jobs (created_at);
  CREATE INDEX idx_export_jobs_status_created_at ON export_jobs (status, created_at)`;
