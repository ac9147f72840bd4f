import type { Knex } from 'knex';

/** Columns of open text that a list is filtered by: table and column. */
const WORD_COLUMNS = {
  'jobs.job_type': ['jobs', 'job_type'],
  'runs.command': ['runs', 'command'],
  'logs.component': ['logs', 'component'],
  'audit_logs.actor': ['audit_logs', 'actor'],
  'audit_logs.resource_type': ['audit_logs', 'resource_type'],
  'media_files.failure_code': ['media_files', 'failure_code'],
  'detections.object_type': ['detections', 'object_type'],
} as const;

export type WordColumn = keyof typeof WORD_COLUMNS;

/** Those words that no row has in the column. */
export async function findUnmatchedWords(knex: Knex, column: WordColumn, words: readonly string[]): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { word: string }[] }>(
    'SELECT word FROM unnest(?::text[]) AS word WHERE NOT EXISTS (SELECT FROM ?? WHERE ?? = word)',
    [[...words], ...WORD_COLUMNS[column]],
  );
  return rows.map(({ word }) => word);
}

/** The words there are in the column, up to `limit` of them. */
export async function listWords(knex: Knex, column: WordColumn, limit: number): Promise<string[]> {
  const [table, name] = WORD_COLUMNS[column];
  return knex(table).whereNotNull(name).distinct(name).orderBy(name).limit(limit).pluck<string[]>(name);
}
