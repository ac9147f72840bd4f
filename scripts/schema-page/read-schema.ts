import type { Database } from '../../src/db/database.ts';

type Knex = Database['knex'];

export type Column = { name: string; type: string; nullable: boolean; default: string | null; comment: string | null };

/** A named definition as the database writes it. */
export type Definition = { name: string; text: string };

export type ForeignKey = {
  name: string;
  table: string;
  columns: string[];
  parent: string;
  parentColumns: string[];
  /** What deleting the parent does: `CASCADE`, `SET NULL` or `NO ACTION`. */
  onDelete: string;
  /** A row may have no parent. */
  optional: boolean;
  /** A parent has at most one row. */
  unique: boolean;
};

export type Table = {
  name: string;
  comment: string;
  /** `RANGE (detected_at)` of a table in partitions. */
  partitions: string | null;
  columns: Column[];
  keys: Definition[];
  foreignKeys: ForeignKey[];
  checks: Definition[];
  indexes: Definition[];
  triggers: Definition[];
};

export type Schema = { tables: Table[]; functions: Definition[] };

/** Tables of hs: no partitions, nothing of Knex or an extension. */
const OURS = `(SELECT c.oid, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'knex\\_%')`;

const TABLES_SQL = `
  SELECT o.relname AS name, coalesce(obj_description(o.oid, 'pg_class'), '') AS comment, pg_get_partkeydef(o.oid) AS partitions
    FROM ${OURS} o ORDER BY 1`;

const COLUMNS_SQL = `
  SELECT o.relname AS table, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
         CASE WHEN a.attidentity <> '' THEN 'identity' WHEN a.attgenerated <> '' THEN 'generated: ' || pg_get_expr(d.adbin, d.adrelid)
              ELSE pg_get_expr(d.adbin, d.adrelid) END AS default, col_description(o.oid, a.attnum) AS comment
    FROM ${OURS} o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = o.oid AND d.adnum = a.attnum
   ORDER BY o.relname, a.attnum`;

const CONSTRAINTS_SQL = `
  SELECT o.relname AS table, k.contype AS kind, k.conname AS name, pg_get_constraintdef(k.oid) AS text
    FROM ${OURS} o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype IN ('p', 'u', 'c', 'x')
   ORDER BY o.relname, array_position('{p,u,x,c}', k.contype::text), k.conname`;

const FOREIGN_KEYS_SQL = `
  SELECT o.relname AS table, k.conname AS name, p.relname AS parent,
         CASE k.confdeltype WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'r' THEN 'RESTRICT' WHEN 'd' THEN 'SET DEFAULT'
              ELSE 'NO ACTION' END AS "onDelete",
         ARRAY(SELECT a.attname::text FROM unnest(k.conkey) WITH ORDINALITY AS u(number, place)
                 JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = u.number ORDER BY u.place) AS columns,
         ARRAY(SELECT a.attname::text FROM unnest(k.confkey) WITH ORDINALITY AS u(number, place)
                 JOIN pg_attribute a ON a.attrelid = p.oid AND a.attnum = u.number ORDER BY u.place) AS "parentColumns",
         EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = o.oid AND a.attnum = ANY (k.conkey) AND NOT a.attnotnull) AS optional,
         EXISTS (SELECT FROM pg_index i WHERE i.indrelid = o.oid AND i.indisunique AND i.indpred IS NULL
                    AND i.indkey::smallint[] <@ k.conkey) AS "unique"
    FROM ${OURS} o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype = 'f' JOIN pg_class p ON p.oid = k.confrelid
   WHERE k.conparentid = 0
   ORDER BY o.relname, k.conname`;

const INDEXES_SQL = `
  SELECT o.relname AS table, i.relname AS name,
         CASE WHEN x.indisunique THEN 'unique ' ELSE '' END || regexp_replace(pg_get_indexdef(i.oid), '^.* USING ', '') AS text
    FROM ${OURS} o JOIN pg_index x ON x.indrelid = o.oid JOIN pg_class i ON i.oid = x.indexrelid
   WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.oid AND k.contype IN ('p', 'u', 'x'))
   ORDER BY o.relname, i.relname`;

const TRIGGERS_SQL = `
  SELECT o.relname AS table, t.tgname AS name, regexp_replace(pg_get_triggerdef(t.oid, true), '^CREATE( CONSTRAINT|) TRIGGER \\S+ ', '') AS text
    FROM ${OURS} o JOIN pg_trigger t ON t.tgrelid = o.oid AND NOT t.tgisinternal ORDER BY o.relname, t.tgname`;

const FUNCTIONS_SQL = `
  SELECT p.proname AS name, format('(%s) → %s', pg_get_function_identity_arguments(p.oid), coalesce(pg_get_function_result(p.oid), 'procedure'))
         || coalesce(': ' || obj_description(p.oid, 'pg_proc'), '') AS text
    FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
   WHERE p.prokind IN ('f', 'p') AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.objid = p.oid AND x.deptype = 'e') ORDER BY 1, 2`;

type OfTable<Row> = Row & { table: string };

/** The schema of a migrated database, tables by name. */
export async function readSchema(knex: Knex): Promise<Schema> {
  const tables = await rowsOf<Pick<Table, 'name' | 'comment' | 'partitions'>>(knex, TABLES_SQL);
  const columns = await rowsOf<OfTable<Column>>(knex, COLUMNS_SQL);
  const constraints = await rowsOf<OfTable<Definition & { kind: string }>>(knex, CONSTRAINTS_SQL);
  const foreignKeys = await rowsOf<ForeignKey>(knex, FOREIGN_KEYS_SQL);
  const indexes = await rowsOf<OfTable<Definition>>(knex, INDEXES_SQL);
  const triggers = await rowsOf<OfTable<Definition>>(knex, TRIGGERS_SQL);
  const toTable = (table: (typeof tables)[number]): Table => {
    const own = <Row extends { table: string }>(rows: Row[]): Row[] => rows.filter((row) => row.table === table.name);
    return {
      ...table,
      columns: own(columns),
      keys: own(constraints).filter(({ kind }) => kind !== 'c'),
      foreignKeys: own(foreignKeys),
      checks: own(constraints).filter(({ kind }) => kind === 'c'),
      indexes: own(indexes),
      triggers: own(triggers),
    };
  };
  return { tables: tables.map(toTable), functions: await rowsOf<Definition>(knex, FUNCTIONS_SQL) };
}

async function rowsOf<Row>(knex: Knex, sql: string): Promise<Row[]> {
  const { rows } = await knex.raw<{ rows: Row[] }>(sql);
  return rows;
}
