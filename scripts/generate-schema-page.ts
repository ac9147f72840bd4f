import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase, type Database } from '../src/db/database.ts';

type Knex = Database['knex'];
type NamedText = { table_name: string; name: string; text: string };
type ColumnRow = {
  table_name: string;
  column_name: string;
  type: string;
  nullable: boolean;
  default_text: string | null;
  comment: string | null;
};

const COLUMNS_SQL = `
  SELECT c.relname AS table_name, a.attname AS column_name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
         CASE WHEN a.attidentity <> '' THEN 'identity' ELSE pg_get_expr(d.adbin, d.adrelid) END AS default_text,
         col_description(c.oid, a.attnum) AS comment
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'knex_%'
  ORDER BY c.relname, a.attnum`;

const CONSTRAINTS_SQL = `
  SELECT c.relname AS table_name, k.conname AS name, pg_get_constraintdef(k.oid) AS text
  FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND NOT c.relispartition AND k.contype IN ('p', 'u', 'f', 'c', 'x') ORDER BY c.relname, k.contype, k.conname`;

const INDEXES_SQL = `
  SELECT t.relname AS table_name, i.relname AS name, regexp_replace(pg_get_indexdef(i.oid), '^.* USING ', '') AS text
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid JOIN pg_namespace n ON n.oid = t.relnamespace
  WHERE n.nspname = 'public' AND NOT t.relispartition AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.oid)
  ORDER BY t.relname, i.relname`;

const TABLES_SQL = `
  SELECT c.relname AS table_name, c.relname AS name, coalesce(obj_description(c.oid), '') AS text
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'knex_%' ORDER BY c.relname`;

/** The schema of a freshly migrated database as one Markdown page. */
export async function generateSchemaPage(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'hs-schema-'));
  // Run as root, the server is another account and has to enter.
  chmodSync(folder, 0o755);
  const home = join(folder, 'home');
  const database = await openDatabase({ home, migrate: 'auto', serverSettings: { fsync: 'off' } });
  try {
    return await toPage(database.knex);
  } finally {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function toPage(knex: Knex): Promise<string> {
  const tables = await rowsOf<NamedText>(knex, TABLES_SQL);
  const columns = await rowsOf<ColumnRow>(knex, COLUMNS_SQL);
  const constraints = await rowsOf<NamedText>(knex, CONSTRAINTS_SQL);
  const indexes = await rowsOf<NamedText>(knex, INDEXES_SQL);
  const ofTable = <Row extends { table_name: string }>(rows: Row[], table: string): Row[] => rows.filter((row) => row.table_name === table);
  const sections = tables.map(({ name, text }) =>
    [
      `## ${name}\n`,
      ...(text === '' ? [] : [`${text}\n`]),
      columnTable(ofTable(columns, name)),
      list('Constraints', ofTable(constraints, name)),
      list('Indexes', ofTable(indexes, name)),
    ].join('\n'),
  );
  const head = '# Database schema\n\nGenerated from a migrated database by `npm run docs`. Partitions are left out.\n';
  return `${[head, ...sections].join('\n').trimEnd()}\n`;
}

async function rowsOf<Row>(knex: Knex, sql: string): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(sql);
  return rows;
}

function columnTable(columns: ColumnRow[]): string {
  const lines = columns.map(
    (column) =>
      `| ${column.column_name} | ${column.type} | ${column.nullable ? 'yes' : 'no'} | ${cell(column.default_text)} | ${cell(column.comment)} |`,
  );
  return ['| column | type | null | default | meaning |', '| --- | --- | --- | --- | --- |', ...lines, ''].join('\n');
}

function list(title: string, entries: NamedText[]): string {
  if (entries.length === 0) return '';
  return `${title}:\n\n${entries.map(({ name, text }) => `- \`${name}\`: \`${text}\``).join('\n')}\n`;
}

function cell(text: string | null): string {
  return text === null ? '' : text.replaceAll('|', String.raw`\|`).replaceAll('\n', ' ');
}
