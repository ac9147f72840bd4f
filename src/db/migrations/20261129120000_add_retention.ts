import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** What is known of footage that retention has been at: baselines and the question whether a file showed anything need it. */
export async function up(knex: Knex): Promise<void> {
  for (const sql of [COLUMNS, FILES_OF_DROPPED_MONTHS, CAMERAS_OF_DROPPED_MONTHS]) await runSql(knex, sql);
  await addComments(knex, 'cameras', {
    columns: { pruned_until: 'footage time before which retention removed what was seen; null: never' },
  });
  await addComments(knex, 'media_files', {
    columns: {
      pruned_at: 'wall clock; retention removed detections of this file then; null: it has all it ever showed',
      original_removed_at: 'wall clock; retention removed the file itself from the disk then',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE cameras DROP pruned_until; ALTER TABLE media_files DROP pruned_at, DROP original_removed_at');
}

const COLUMNS = `
  ALTER TABLE cameras ADD pruned_until timestamptz(3);
  ALTER TABLE media_files
    ADD pruned_at timestamptz(3),
    ADD original_removed_at timestamptz(3)`;

const IS_DROPPED = (at: string): string => `to_regclass(to_char(${at} AT TIME ZONE 'UTC', '"detections_y"YYYY"m"MM')) IS NULL`;

/** Every month with footage that was read had its table: where there is none, retention dropped it. */
const FILES_OF_DROPPED_MONTHS = `
  UPDATE media_files SET pruned_at = now()
   WHERE processed_at IS NOT NULL AND (${IS_DROPPED('captured_at')} OR ${IS_DROPPED('coalesce(ended_at, captured_at)')})`;

const CAMERAS_OF_DROPPED_MONTHS = `
  UPDATE cameras c SET pruned_until = f.until
    FROM (SELECT camera_id, (date_trunc('month', max(captured_at) AT TIME ZONE 'UTC') + interval '1 month') AT TIME ZONE 'UTC' AS until
            FROM media_files WHERE pruned_at IS NOT NULL GROUP BY 1) AS f
   WHERE f.camera_id = c.id`;
