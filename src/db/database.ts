import knexFactory, { type Knex } from 'knex';
import pg from 'pg';

import { embeddedSettings, parseDatabaseUrl, type ConnectionSettings } from './connection-settings.ts';
import { toConnectionError } from './database-errors.ts';
import { openEmbedded } from './embedded/open-embedded.ts';
import type { ServerOptions } from './embedded/start-server.ts';
import { assertSchemaIsCurrent, migrateToLatest } from './migrate.ts';

/** An open database. `connect` opens a connection of one's own, outside the pool; its owner ends it. */
export type Database = {
  knex: Knex;
  kind: 'embedded' | 'server';
  /** For people; holds no secrets. */
  describe: string;
  connect(): Promise<pg.Client>;
  /** `leaveRunning` keeps an embedded server that nobody else uses. */
  close(options?: { leaveRunning?: boolean }): Promise<void>;
};

export type OpenDatabaseOptions = ServerOptions & {
  /** Of a PostgreSQL server; without it the embedded server of `home` is used. */
  url?: string | undefined;
  home: string;
  /** auto: an embedded store is migrated, a server must be current · require: must be current · none: not looked at. */
  migrate: 'auto' | 'require' | 'none';
  poolMax?: number | undefined;
  log?: ((message: string) => void) | undefined;
};

const DEFAULT_POOL_MAX = 8;

/**
 * The server itself looks after half a minute of silence whether we are still there: of a machine that lost its power or its network it
 * hears nothing, and would keep its locks for two hours. Without meaning on a local socket.
 */
const SESSION = `SELECT set_config('TimeZone', 'UTC', false), set_config('tcp_keepalives_idle', '30', false),
  set_config('tcp_keepalives_interval', '10', false), set_config('tcp_keepalives_count', '3', false)`;

/**
 * Opens the database of this invocation. Throws TemporaryError when a server does not answer, SchemaError when its schema is
 * older or newer than this program, UnavailableError when the embedded server cannot run here.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const database = options.url === undefined ? await openLocal(options) : await openServer(options, options.url);
  try {
    await bringSchemaUp(database, options);
    return database;
  } catch (error) {
    await database.close();
    throw error;
  }
}

async function openLocal(options: OpenDatabaseOptions): Promise<Database> {
  const server = await openEmbedded(options);
  const settings = embeddedSettings(server.connection);
  const knex = createPool(settings, options);
  return {
    knex,
    kind: 'embedded',
    describe: settings.describe,
    connect: () => connect(settings),
    close: async (how) => {
      await knex.destroy();
      await (how?.leaveRunning === true ? server.detach() : server.leave());
    },
  };
}

async function openServer(options: OpenDatabaseOptions, url: string): Promise<Database> {
  const settings = parseDatabaseUrl(url);
  const probe = await connect(settings);
  await probe.end();
  const knex = createPool(settings, options);
  return {
    knex,
    kind: 'server',
    describe: settings.describe,
    connect: () => connect(settings),
    close: () => knex.destroy(),
  };
}

async function bringSchemaUp(database: Database, options: OpenDatabaseOptions): Promise<void> {
  if (options.migrate === 'none') return;
  if (options.migrate === 'auto' && database.kind === 'embedded') await migrateToLatest(database);
  else await assertSchemaIsCurrent(database);
}

async function connect(settings: ConnectionSettings): Promise<pg.Client> {
  const client = new pg.Client(settings.client);
  try {
    await client.connect();
    await client.query(SESSION);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw toConnectionError(error, settings.describe);
  }
}

/** Knex prints its warnings to stdout, where they would spoil `--json`: all of them go to `log`. */
function createPool(settings: ConnectionSettings, options: Pick<OpenDatabaseOptions, 'poolMax' | 'log'>): Knex {
  const log = (message: unknown): void =>
    options.log?.((typeof message === 'string' ? message : JSON.stringify(message)).split('\n', 1)[0] ?? '');
  return knexFactory({
    client: 'pg',
    connection: settings.client as Knex.PgConnectionConfig,
    // two at least: a migration needs one beside the connection that holds its lock
    pool: { min: 0, max: Math.max(2, options.poolMax ?? DEFAULT_POOL_MAX), afterCreate: setUpSession },
    log: { warn: log, error: log, deprecate: log, debug: log },
  });
}

function setUpSession(connection: pg.Client, done: (error: Error | null, connection: pg.Client) => void): void {
  connection.query(SESSION, (error: Error | null) => {
    done(error, connection);
  });
}
