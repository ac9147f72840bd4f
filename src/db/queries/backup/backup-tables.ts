import type { Knex } from 'knex';
import { quoted } from './quoted.ts';

/** How a value stands in a line: as PostgreSQL writes it in JSON, as text that is cast back, or base64. */
type Encoding = 'json' | 'text' | 'base64';

export type BackupColumn = { name: string; type: string; encoding: Encoding };

export type BackupTable = {
  name: string;
  columns: BackupColumn[];
  /** Columns of the primary key; lines come in their order. */
  key: string[];
};

/** Bookkeeping of the schema itself: the manifest says which one it is, and a restore does not change it. */
export const LEFT_OUT_OF_BACKUPS = ['knex_migrations', 'knex_migrations_lock'] as const;

const TABLES = `
  SELECT c.relname AS name,
         (SELECT json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'encoding',
                    CASE WHEN a.atttypid = 'bytea'::regtype THEN 'base64'
                         WHEN a.atttypid IN ('bigint'::regtype, 'json'::regtype, 'jsonb'::regtype) THEN 'text' ELSE 'json' END)
                  ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = '') AS columns,
         coalesce((SELECT json_agg(a.attname ORDER BY k.place)
            FROM pg_index i CROSS JOIN LATERAL unnest(i.indkey::smallint[]) WITH ORDINALITY AS k(attnum, place)
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.attnum
           WHERE i.indrelid = c.oid AND i.indisprimary), '[]') AS key
    FROM pg_class c
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
     AND c.relname <> ALL (?)
   ORDER BY c.relname COLLATE "C"`;

/** Every table there is, by name, read from the catalogue: a table that is added is in the next backup. Partitions come through theirs. */
export async function listBackupTables(knex: Knex): Promise<BackupTable[]> {
  const { rows } = await knex.raw<{ rows: BackupTable[] }>(TABLES, [[...LEFT_OUT_OF_BACKUPS]]);
  return rows;
}

export async function countRows(knex: Knex, table: string): Promise<number> {
  const [row] = await knex(table).count<{ count: number | string }[]>();
  return Number(row?.count ?? 0);
}

/** One JSON object a row, in order of the primary key. PostgreSQL makes the text, so no value passes through a JavaScript number or Date. */
export async function* streamTableLines(snapshot: Knex, table: BackupTable): AsyncIterable<string> {
  const order = table.key.length === 0 ? '' : ` ORDER BY ${table.key.map((name) => `t.${quoted(name)}`).join(', ')}`;
  const columns = table.columns.map(encoded).join(', ');
  const sql = `SELECT (SELECT row_to_json(r) FROM (SELECT ${columns}) r)::text AS line FROM ${quoted(table.name)} t${order}`;
  for await (const row of snapshot.raw(sql.replaceAll('?', '\\?')).stream({ batchSize: 1000 })) yield (row as { line: string }).line;
}

function encoded({ name, encoding }: BackupColumn): string {
  const column = `t.${quoted(name)}`;
  if (encoding === 'json') return column;
  const text = encoding === 'text' ? `${column}::text` : `translate(encode(${column}, 'base64'), E'\\n', '')`;
  return `${text} AS ${quoted(name)}`;
}
