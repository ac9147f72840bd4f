import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Footage may lie in object storage; size and time to the second alone do not say that an object is the same. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE media_files ADD object_etag text');
  await addComments(knex, 'media_files', {
    columns: { object_etag: 'entity tag that object storage gave its content; null: a file of a file system' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE media_files DROP object_etag');
}
