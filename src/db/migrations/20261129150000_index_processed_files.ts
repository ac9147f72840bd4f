import type { Knex } from 'knex';

import { runSql } from './ddl.ts';

/** How many files were finished in the last minutes is asked every two seconds by `hs jobs top`: without it each look reads all files. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, 'CREATE INDEX idx_media_files_processed_at ON media_files (processed_at)');
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP INDEX idx_media_files_processed_at');
}
