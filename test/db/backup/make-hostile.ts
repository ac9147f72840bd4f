import type { Knex } from 'knex';

type Column = { table: string; name: string; type: string };

export const HOSTILE_TEXT = `"quoted", 'single', \\back\\ {"a": 1} =1+1 ? :x \t\n\r \u2028 \u{1F98A} \u0001 é`;
const TEXTS = [HOSTILE_TEXT, '', 'null'];
/** By type; a column takes the first that its constraints let through, each of its type beginning at another one. */
const VALUES: Record<string, readonly string[]> = {
  text: TEXTS,
  'character varying': TEXTS,
  'double precision': ['NaN', 'Infinity', '-0', '1e-300', '0.1'],
  real: ['NaN', 'Infinity', '0.1'],
  numeric: ['NaN', '12345678901234567890.123456789', '0.1'],
  bigint: ['9223372036854775807', '9007199254740993', '0'],
  integer: ['2147483647', '-2147483648', '0'],
  smallint: ['32767', '0'],
  boolean: ['true'],
  bytea: ['\\x00ff0a0d225c', '\\x'],
  jsonb: ['null', '{"b": 1.10, "a": "\\n\\u2028 null", "n": 12345678901234567890}', '[1e2, "?"]', '"text"'],
  json: ['null', '{"b":1.10,  "a":1, "a":2}'],
  'timestamp with time zone': ['infinity', '2026-01-14T08:00:00.123456Z', '0044-03-15 12:00:00.000001+00 BC'],
  date: ['infinity', '0044-03-15 BC'],
  'text[]': ['{}', '{"a,b",NULL,"\\"q\\"","null"}'],
  'bigint[]': ['{9223372036854775807,NULL}', '{}'],
  'integer[]': ['{1,NULL}', '{}'],
  'double precision[]': ['{NaN,-Infinity,0.1}', '{}'],
};

const COLUMNS = `
  SELECT c.relname AS table, a.attname AS name, format_type(a.atttypid, NULL) AS type
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
   WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname NOT LIKE 'knex%'
     AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary AND a.attnum = ANY (i.indkey::smallint[]))
   ORDER BY 1, 2`;

const TRY = `
  CREATE FUNCTION pg_temp.accepts(statement text) RETURNS boolean LANGUAGE plpgsql AS $$
  BEGIN EXECUTE statement; RETURN true; EXCEPTION WHEN OTHERS THEN RETURN false; END $$`;

/** Puts into every column a hard value that its constraints and keys accept. Returns which, as `type value`. */
export async function makeHostile(knex: Knex): Promise<ReadonlySet<string>> {
  const { rows } = await knex.raw<{ rows: Column[] }>(COLUMNS);
  const taken = new Set<string>();
  await knex.transaction(async (trx) => {
    await trx.raw(TRY);
    const turns = new Map<string, number>();
    for (const column of rows) {
      const turn = turns.get(column.type) ?? 0;
      turns.set(column.type, turn + 1);
      const value = await hardFor(trx, column, turn);
      if (value !== undefined) taken.add(`${column.type} ${value}`);
    }
  });
  return taken;
}

async function hardFor(trx: Knex.Transaction, { table, name, type }: Column, turn: number): Promise<string | undefined> {
  const values = VALUES[type] ?? [];
  const start = turn % (values.length || 1);
  for (const value of [...values.slice(start), ...values.slice(0, start)]) {
    const { rows } = await trx.raw<{ rows: { ok: boolean }[] }>(
      `SELECT pg_temp.accepts(format('UPDATE %I SET %I = CAST(%L AS ${type})', ?::text, ?::text, ?::text)) AS ok`,
      [table, name, value],
    );
    if (rows[0]?.ok === true) return value;
  }
  return undefined;
}
