import type { Knex } from 'knex';

import { SchemaError, UnavailableError } from '../../errors/hs-error.ts';
import { runSql } from './ddl.ts';

const OLDEST_SERVER = 150_000;

type ServerFacts = { version: number; version_text: string; encoding: string; has_trigrams: boolean };

/** Refuses servers that cannot hold the schema, then adds what it needs from them. */
export async function up(knex: Knex): Promise<void> {
  const { rows } = await knex.raw<{ rows: ServerFacts[] }>(`
    SELECT current_setting('server_version_num')::integer AS version, current_setting('server_version') AS version_text,
           current_setting('server_encoding') AS encoding,
           EXISTS (SELECT FROM pg_available_extensions WHERE name = 'pg_trgm') AS has_trigrams`);
  const facts = rows[0];
  if (facts !== undefined) assertFits(facts);
  await runSql(knex, 'CREATE EXTENSION IF NOT EXISTS pg_trgm');
  await runSql(knex, SET_DEFAULT_TIME_ZONE);
}

function assertFits(facts: ServerFacts): void {
  if (facts.version < OLDEST_SERVER) {
    throw new UnavailableError('postgres_too_old', `the server is PostgreSQL ${facts.version_text}; hs needs 15 or newer`, {
      hint: 'use a newer server, or unset database.url to use the embedded one',
    });
  }
  if (facts.encoding !== 'UTF8') {
    throw new SchemaError('encoding', `the database is encoded in ${facts.encoding}; hs needs UTF8`, {
      hint: `create one with: createdb --encoding UTF8 --template template0 <name>`,
    });
  }
  if (!facts.has_trigrams) {
    throw new UnavailableError('pg_trgm_missing', `PostgreSQL ${facts.version_text} lacks the pg_trgm extension`, {
      hint: 'install the contrib package or use the embedded server',
    });
  }
}

/** For people who look at the data with psql; hs sets it on every connection and can do without. */
const SET_DEFAULT_TIME_ZONE = `
  DO $$ BEGIN
    EXECUTE format('ALTER DATABASE %I SET timezone TO ''UTC''', current_database());
  EXCEPTION WHEN insufficient_privilege THEN NULL;
  END $$`;

/** The extension stays: others may use it. */
export function down(): Promise<void> {
  return Promise.resolve();
}
