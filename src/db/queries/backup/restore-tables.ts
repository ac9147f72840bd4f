import type { Knex } from 'knex';
import type { BackupColumn, BackupTable } from './backup-tables.ts';
import { quoted } from './quoted.ts';

type ForeignKey = { table: string; name: string; definition: string; comment: string | null };

const FOREIGN_KEYS = `
  SELECT c.relname AS table, k.conname AS name, pg_get_constraintdef(k.oid) AS definition, obj_description(k.oid, 'pg_constraint') AS comment
    FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid
   WHERE k.contype = 'f' AND k.conparentid = 0 AND c.relnamespace = current_schema()::regnamespace
   ORDER BY c.relname, k.conname`;

/**
 * Empties the tables, lets `fill` write them in any order, and then checks every reference of every row by adding the foreign keys
 * again. Triggers do not fire meanwhile: what they would compute is in the rows. Call it inside the transaction.
 */
export async function refillTables(trx: Knex.Transaction, tables: readonly BackupTable[], fill: () => Promise<void>): Promise<void> {
  const names = tables.map(({ name }) => quoted(name));
  const keys = (await trx.raw<{ rows: ForeignKey[] }>(FOREIGN_KEYS)).rows;
  await trx.raw(`LOCK TABLE ${names.join(', ')} IN ACCESS EXCLUSIVE MODE`);
  for (const { table, name } of keys) await trx.raw(`ALTER TABLE ${quoted(table)} DROP CONSTRAINT ${quoted(name)}`);
  await trx.raw(`TRUNCATE ${names.join(', ')}`);
  for (const name of names) await trx.raw(`ALTER TABLE ${name} DISABLE TRIGGER USER`);
  await fill();
  for (const name of names) await trx.raw(`ALTER TABLE ${name} ENABLE TRIGGER USER`);
  for (const key of keys) await addForeignKey(trx, key);
}

async function addForeignKey(trx: Knex.Transaction, { table, name, definition, comment }: ForeignKey): Promise<void> {
  await trx.raw(`ALTER TABLE ${quoted(table)} ADD CONSTRAINT ${quoted(name)} ${definition}`.replaceAll('?', '\\?'));
  if (comment === null) return;
  await trx.raw(`COMMENT ON CONSTRAINT ${quoted(name)} ON ${quoted(table)} IS '${comment.replaceAll("'", "''")}'`.replaceAll('?', '\\?'));
}

/** Writes rows given as JSON objects; returns how many became rows. Rows of `detections` need their month first. */
export async function insertLines(trx: Knex.Transaction, table: BackupTable, lines: readonly string[]): Promise<number> {
  const json = `[${lines.join(',')}]`;
  if (table.name === 'detections') await makeMonths(trx, lines);
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  const record = table.columns.map(({ name, type, encoding }) => `${quoted(name)} ${encoding === 'json' ? type : 'text'}`).join(', ');
  const sql = `WITH added AS (
    INSERT INTO ${quoted(table.name)} (${names}) OVERRIDING SYSTEM VALUE SELECT ${table.columns.map(decoded).join(', ')} FROM json_to_recordset(CAST(? AS json)) AS r(${record})
    RETURNING 1) SELECT count(*)::integer AS count FROM added`;
  const { rows } = await trx.raw<{ rows: { count: number }[] }>(sql, [json]);
  return rows[0]?.count ?? 0;
}

function decoded({ name, type, encoding }: BackupColumn): string {
  const column = `r.${quoted(name)}`;
  if (encoding === 'json') return column;
  return encoding === 'text' ? `CAST(${column} AS ${type})` : `decode(${column}, 'base64')`;
}

/** First day of each UTC month that these rows of `detections` are in; our own lines have their times in UTC. */
export function monthsOfLines(lines: readonly string[]): Set<string> {
  return new Set(lines.flatMap((line) => /"detected_at":"(\d{4}-\d\d)/.exec(line)?.[1] ?? []));
}

async function makeMonths(trx: Knex.Transaction, lines: readonly string[]): Promise<void> {
  for (const month of monthsOfLines(lines)) await trx.raw('SELECT ensure_detections_partition(?::timestamptz)', [`${month}-01T00:00:00Z`]);
}

const SEQUENCES = `
  SELECT c.relname AS table, a.attname AS column, format('%I.%I', n.nspname, s.relname) AS sequence
    FROM pg_depend d JOIN pg_class s ON s.oid = d.objid AND s.relkind = 'S' JOIN pg_namespace n ON n.oid = s.relnamespace
    JOIN pg_class c ON c.oid = d.refobjid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid
   WHERE d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i') AND c.relnamespace = current_schema()::regnamespace
     AND c.relname NOT LIKE 'knex%'`;

/** The next id of every table comes after its highest. */
export async function setSequences(trx: Knex.Transaction): Promise<void> {
  const { rows } = await trx.raw<{ rows: { table: string; column: string; sequence: string }[] }>(SEQUENCES);
  for (const { table, column, sequence } of rows) {
    await trx.raw(
      `SELECT setval('${sequence.replaceAll("'", "''")}', greatest(max(${quoted(column)}), 1), max(${quoted(column)}) IS NOT NULL) FROM ${quoted(table)}`,
    );
  }
}
