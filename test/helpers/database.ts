import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

import type { Knex } from 'knex';
import pg from 'pg';
import { inject } from 'vitest';

import { openDatabase, type Database } from '../../src/db/database.ts';
import { openEmbedded } from '../../src/db/embedded/open-embedded.ts';
import { namedLockKey } from '../../src/db/lock-keys.ts';
import { migrateToLatest } from '../../src/db/migrate.ts';

export type TestDatabase = {
  database: Database;
  knex: Knex;
  /** For programs under test: `HS_DATABASE_URL`. */
  url: string;
  drop(): Promise<void>;
};

type CreateOptions = {
  /** false: an empty database, not even migrated. */
  migrated?: boolean;
};

const TEMPLATE = `hs_template_${hashOfMigrations()}`;
const TEMPLATE_KEY = namedLockKey('test template');
const FAST = { fsync: 'off', full_page_writes: 'off', max_connections: '200' };

/**
 * A database of its own for a test file, cloned from a migrated template in tens of milliseconds. The server is the embedded
 * one in a temporary home that the whole run shares, or the one at `HS_TEST_DATABASE_URL`.
 */
export async function createTestDatabase({ migrated = true }: CreateOptions = {}): Promise<TestDatabase> {
  const server = await openServer();
  const name = `hs_test_${randomBytes(6).toString('hex')}`;
  if (migrated) await ensureTemplate(server);
  await withClient(server.urlOf(server.maintenance), (client) =>
    client.query(`CREATE DATABASE ${name} ${migrated ? `TEMPLATE ${TEMPLATE}` : 'TEMPLATE template0'}`),
  );
  const url = server.urlOf(name);
  const database = await openDatabase({ url, home: '/nonexistent', migrate: 'none' });
  const drop = async (): Promise<void> => {
    await database.close();
    await withClient(server.urlOf(server.maintenance), (client) => client.query(`DROP DATABASE ${name} WITH (FORCE)`));
    await server.leave();
  };
  return { database, knex: database.knex, url, drop };
}

/** A server of one's own outlives the run: a template made by other migrations must not be taken for this one. */
function hashOfMigrations(): string {
  const folder = new URL('../../src/db/migrations/', import.meta.url);
  const hash = createHash('sha256');
  for (const name of readdirSync(folder).sort()) hash.update(readFileSync(new URL(name, folder)));
  return hash.digest('hex').slice(0, 12);
}

type Server = { urlOf(database: string): string; maintenance: string; leave(): Promise<void> };

async function openServer(): Promise<Server> {
  const given = process.env['HS_TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return givenServer(given);
  const home = inject('databaseHome');
  const embedded = await openEmbedded({ home, serverSettings: FAST });
  const { host, user } = embedded.connection;
  return {
    urlOf: (database) => `postgresql:///${database}?host=${encodeURIComponent(host)}&user=${user}`,
    maintenance: 'postgres',
    leave: () => embedded.detach(), // runs until the whole test run ends
  };
}

function givenServer(url: string): Server {
  const urlOf = (database: string): string => {
    const other = new URL(url);
    other.pathname = `/${database}`;
    return other.toString();
  };
  return { urlOf, maintenance: new URL(url).pathname.slice(1), leave: () => Promise.resolve() };
}

async function ensureTemplate(server: Server): Promise<void> {
  await withClient(server.urlOf(server.maintenance), async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [TEMPLATE_KEY]);
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount === 0) await createTemplate(client, server);
  });
}

/** Built under another name, so that a template that exists is a finished one. */
async function createTemplate(client: pg.Client, server: Server): Promise<void> {
  const draft = `${TEMPLATE}_draft`;
  await client.query(`DROP DATABASE IF EXISTS ${draft} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
  const database = await openDatabase({ url: server.urlOf(draft), home: '/nonexistent', migrate: 'none' });
  await migrateToLatest(database);
  await database.close();
  await client.query(`ALTER DATABASE ${draft} RENAME TO ${TEMPLATE}`);
}

async function withClient<Result>(url: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
