import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Long videos are looked at in parts, by several workers or by one that may be killed: what is found waits here for the other parts. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, PARTS);
  await addComments(knex, 'media_file_parts', {
    table: 'What was found in parts of long videos of which other parts are still to be looked at; removed when the file is saved.',
    columns: {
      content_sha256: 'of the file that was looked at',
      from_ms: 'from the start of the file',
      until_ms: 'from the start of the file; of the last part: the length that the container claims',
      looked_with: 'SHA-256 of everything that decides what is found in it',
      analysis: 'gzipped JSON; null: all attempts at it failed, and whoever saves the file looks at it once more',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE media_file_parts');
}

const PARTS = `
  CREATE TABLE media_file_parts (
    media_file_id bigint NOT NULL CONSTRAINT fk_media_file_parts_media_file_id REFERENCES media_files ON DELETE CASCADE,
    content_sha256 text NOT NULL,
    from_ms integer NOT NULL,
    until_ms integer NOT NULL,
    looked_with text NOT NULL,
    analysis bytea,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    CONSTRAINT pk_media_file_parts PRIMARY KEY (media_file_id, content_sha256, looked_with, from_ms, until_ms),
    CONSTRAINT ck_media_file_parts_sha256 CHECK (content_sha256 ~ '^[0-9a-f]{64}$' AND looked_with ~ '^[0-9a-f]{64}$'),
    CONSTRAINT ck_media_file_parts_span CHECK (from_ms >= 0 AND until_ms > from_ms)
  )`;
