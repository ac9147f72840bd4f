import type { Knex } from 'knex';

/** `CONSTRAINT ck_<table>_<column> CHECK (column IN (…))` of an enum. NULL passes; say NOT NULL at the column. */
export function enumCheck(table: string, column: string, values: readonly string[]): string {
  return `CONSTRAINT ck_${table}_${column} CHECK (${column} IN (${values.map((value) => `'${value}'`).join(', ')}))`;
}

/** Keeps updated_at of a table: an update that changes nothing does not touch it. Such a table must have no generated column. */
export function touchTrigger(table: string): string {
  return `CREATE TRIGGER trg_${table}_touch BEFORE UPDATE ON ${table}
    FOR EACH ROW WHEN (OLD.* IS DISTINCT FROM NEW.*) EXECUTE FUNCTION touch_updated_at()`;
}

/** Comments of a table and its columns. Columns whose name says all have none. */
export type Comments = { table: string; columns: Readonly<Record<string, string>> };

export async function addComments(knex: Knex, table: string, comments: Partial<Comments>): Promise<void> {
  const statements = Object.entries(comments.columns ?? {}).map(
    ([column, text]) => `COMMENT ON COLUMN ${table}.${column} IS ${quoted(text)}`,
  );
  if (comments.table !== undefined) statements.unshift(`COMMENT ON TABLE ${table} IS ${quoted(comments.table)}`);
  await runSql(knex, statements.join(';\n'));
}

/** Runs statements as written: Knex would take a `?` in them for a binding. */
export async function runSql(knex: Knex, sql: string): Promise<void> {
  await knex.raw(sql.replaceAll('?', '\\?'));
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
