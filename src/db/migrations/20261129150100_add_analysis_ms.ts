import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** What an ingest will take is told from what earlier files took. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE media_files ADD analysis_ms integer CONSTRAINT ck_media_files_analysis_ms CHECK (analysis_ms >= 0)');
  await addComments(knex, 'media_files', {
    columns: { analysis_ms: 'how long one worker process had it, decoding included; null: not known' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE media_files DROP analysis_ms');
}
