import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Which optional stages a run has, and which of them a file still waits for. */
export async function up(knex: Knex): Promise<void> {
  for (const sql of [MEDIA_FILES, RUNS]) await runSql(knex, sql);
  await addComments(knex, 'media_files', {
    columns: { enrichments_due: 'stages that are still to look at the tracks of this file; null: none' },
  });
  await addComments(knex, 'runs', {
    columns: { enrichments: 'optional stages that were on, each with the model it used or null; null: the run has no such stages' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE media_files DROP enrichments_due; ALTER TABLE runs DROP enrichments');
}

const MEDIA_FILES = `
  ALTER TABLE media_files
    ADD enrichments_due text[],
    ADD CONSTRAINT ck_media_files_enrichments_due CHECK (cardinality(enrichments_due) > 0);
  CREATE INDEX idx_media_files_enrichments_due ON media_files (camera_id, captured_at, id) WHERE enrichments_due IS NOT NULL`;

const RUNS = `
  ALTER TABLE runs
    ADD enrichments jsonb,
    ADD CONSTRAINT ck_runs_enrichments CHECK (jsonb_typeof(enrichments) = 'object')`;
