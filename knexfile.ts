// For Knex's own command line, on a PostgreSQL server: npx tsx node_modules/knex/bin/cli.js migrate:status
import type { Knex } from 'knex';
import { loadSettings } from './src/config/load-settings.ts';
import { migrationSource } from './src/db/migrations/index.ts';

const { url } = loadSettings({ env: process.env }).settings.database;
if (url === undefined) throw new Error('set HS_DATABASE_URL; the local database is migrated by: hs db migrate');

const config: Knex.Config = { client: 'pg', connection: url, migrations: { migrationSource } };

export default config;
