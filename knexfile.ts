// For Knex's own command line, on the database that hs would use: see CONTRIBUTING.md.
import type { Knex } from 'knex';
import type pg from 'pg';
import { loadSettings } from './src/config/load-settings.ts';
import { MIGRATION_KEY } from './src/db/lock-keys.ts';
import { migrationSource } from './src/db/migrations/index.ts';
import { startLocalDatabase } from './scripts/knex/start-local-database.ts';

type Pending = { file: string };

/** The migrations of hs under their names; Knex's list prints the `file` of what is pending. */
const namedSource: Knex.MigrationSource<Pending> = {
  getMigrations: async (extensions) => (await migrationSource.getMigrations(extensions)).map((file) => ({ file })),
  getMigrationName: ({ file }) => file,
  getMigration: ({ file }) => migrationSource.getMigration(file),
};

const PREPARE = `SET TIME ZONE 'UTC'; SELECT pg_advisory_lock_shared(${String(MIGRATION_KEY)})`;

/** As every connection of hs; the lock makes `hs db migrate` wait until Knex is done. */
function prepare(connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void): void {
  connection.query(PREPARE, (error: Error | null) => {
    done(error, connection);
  });
}

export default async function config(): Promise<Knex.Config> {
  const { home, database } = loadSettings({ env: process.env }).settings;
  const connection = database.url ?? (await startLocalDatabase(home));
  return { client: 'pg', connection, pool: { min: 0, max: 2, afterCreate: prepare }, migrations: { migrationSource: namedSource } };
}
