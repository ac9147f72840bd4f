import type { Knex } from 'knex';

import { runSql } from '../../src/db/migrations/ddl.ts';
import type { SchemaDesign, TableDesign } from './schema-design.ts';

/** The design does not say which function a trigger calls. */
const TRIGGER_FUNCTIONS: Readonly<Record<string, string>> = {
  trg_events_search_vector: 'events_search_vector_update',
  trg_cameras_rename: 'cameras_refresh_event_vectors',
};

/**
 * Makes the tables of the design in an empty database, straight from what was read: PostgreSQL then writes both schemas in the
 * same words, and they can be compared. Functions are empty.
 */
export async function createDesignedSchema(knex: Knex, design: SchemaDesign): Promise<void> {
  const tables = Object.entries(design.tables);
  await runSql(knex, 'CREATE EXTENSION pg_trgm');
  const sequences = sequencesOf(tables);
  for (const { sequence } of sequences) await runSql(knex, `CREATE SEQUENCE ${sequence}`);
  for (const [name, kind] of Object.entries(design.functions)) {
    if (kind === 'trigger') await runSql(knex, `CREATE FUNCTION ${name} RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'`);
  }
  for (const [name, table] of tables) await runSql(knex, createTable(name, table));
  for (const statement of tables.flatMap(([name, table]) => createRest(name, table))) await runSql(knex, statement);
  for (const { sequence, column } of sequences) await runSql(knex, `ALTER SEQUENCE ${sequence} OWNED BY ${column}`);
}

/** Sequences that a default takes numbers from; they belong to its column. */
function sequencesOf(tables: readonly [string, TableDesign][]): { sequence: string; column: string }[] {
  return tables.flatMap(([table, { columns }]) =>
    Object.entries(columns).flatMap(([column, definition]) => {
      const sequence = /nextval\('(\w+)'\)/.exec(definition)?.[1];
      return sequence === undefined ? [] : [{ sequence, column: `${table}.${column}` }];
    }),
  );
}

function createTable(name: string, table: TableDesign): string {
  const columns = Object.entries(table.columns).map(([column, definition]) => `${column} ${definition}`);
  const checks = Object.entries(table.checks).map(([check, condition]) => `CONSTRAINT ${check} CHECK (${condition})`);
  const parts = [...columns, `PRIMARY KEY (${table.primaryKey})`, ...checks];
  return `CREATE TABLE ${name} (${parts.join(', ')})${table.partitionBy === undefined ? '' : ` PARTITION BY ${table.partitionBy}`}`;
}

/** What refers to other tables or to the finished one. */
function createRest(name: string, table: TableDesign): string[] {
  return [
    ...Object.entries(table.foreignKeys).map(([key, rest]) => `ALTER TABLE ${name} ADD CONSTRAINT ${key} FOREIGN KEY ${rest}`),
    ...Object.entries(table.indexes).map(([index, rest]) => createIndex(name, index, rest)),
    ...Object.entries(table.triggers).map(
      ([trigger, rest]) => `CREATE TRIGGER ${trigger} ${rest} EXECUTE FUNCTION ${TRIGGER_FUNCTIONS[trigger] ?? 'touch_updated_at'}()`,
    ),
  ];
}

function createIndex(table: string, name: string, rest: string): string {
  const [, unique = '', method = '', columns = ''] = /^(UNIQUE )?(\w+) (.*)$/.exec(rest) ?? [];
  return `CREATE ${unique}INDEX ${name} ON ${table} USING ${method} ${columns}`;
}
