import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';
import type pg from 'pg';

import { LockedError, SchemaError } from '../errors/hs-error.ts';
import { counted } from '../lib/counted.ts';
import { MIGRATION_KEY, WRITERS_KEY } from './lock-keys.ts';
import { migrationNames, migrationSource } from './migrations/index.ts';

/** The parts of an open database that migrating needs. */
export type MigratableDatabase = { knex: Knex; describe: string; connect(): Promise<pg.Client> };

export type SchemaState = { applied: string[]; pending: string[]; /** Applied by a newer program. */ unknown: string[] };

const WAIT_FOR_WRITERS_MS = 10_000;
const NO_SUCH_TABLE = '42P01';

/** One query, no lock: what every command can afford. */
export async function readSchemaState(knex: Knex): Promise<SchemaState> {
  const applied = await readApplied(knex);
  return {
    applied,
    pending: migrationNames.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !migrationNames.includes(name)),
  };
}

async function readApplied(knex: Knex): Promise<string[]> {
  try {
    return await knex('knex_migrations').orderBy('id').pluck<string[]>('name');
  } catch (error) {
    if ((error as { code?: string }).code === NO_SUCH_TABLE) return [];
    throw error;
  }
}

/** Throws SchemaError when the schema is older or newer than this program. */
export async function assertSchemaIsCurrent(database: MigratableDatabase): Promise<void> {
  const state = await readSchemaState(database.knex);
  refuseNewer(state, database);
  if (state.pending.length === 0) return;
  const what = state.applied.length === 0 ? 'holds no tables of hs yet' : `lacks ${counted(state.pending.length, 'migration')}`;
  throw new SchemaError('schema_behind', `${database.describe} ${what}`, { hint: 'run: hs db migrate' });
}

function refuseNewer(state: SchemaState, database: MigratableDatabase): void {
  const newest = state.unknown.at(-1);
  if (newest === undefined) return;
  throw new SchemaError('schema_ahead', `${database.describe} was migrated by a newer hs (${newest})`, {
    hint: 'update hs',
  });
}

/** Applies what is pending and returns the names. Waits for a concurrent migrator; refuses while runs write. */
export async function migrateToLatest(database: MigratableDatabase): Promise<string[]> {
  const state = await readSchemaState(database.knex);
  refuseNewer(state, database);
  if (state.pending.length === 0) return [];
  return whileAlone(database, async () => {
    const [, done] = (await database.knex.migrate.latest({ migrationSource })) as [number, string[]];
    return done;
  });
}

/** Takes back the newest migration, or all of them, with everything their tables hold. Returns the names. */
export async function rollBack(database: MigratableDatabase, options: { all: boolean }): Promise<string[]> {
  refuseNewer(await readSchemaState(database.knex), database);
  return whileAlone(database, async () => {
    const { migrate } = database.knex;
    const undo = options.all ? migrate.rollback({ migrationSource }, true) : migrate.down({ migrationSource });
    const [, undone] = (await undo) as [number, string[]];
    return undone;
  });
}

/** Advisory locks die with their connection, so a killed migrator leaves nothing but a set row of Knex's own lock table. */
async function whileAlone<Result>(database: MigratableDatabase, work: () => Promise<Result>): Promise<Result> {
  const client = await database.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATION_KEY]);
    await waitForWriters(client, database);
    await database.knex.migrate.forceFreeMigrationsLock({ migrationSource });
    return await work();
  } finally {
    await client.end();
  }
}

async function waitForWriters(client: pg.Client, database: MigratableDatabase): Promise<void> {
  const deadlineMs = Date.now() + WAIT_FOR_WRITERS_MS;
  for (;;) {
    const { rows } = await client.query<{ ok: boolean }>('SELECT pg_try_advisory_lock($1) AS ok', [WRITERS_KEY]);
    if (rows[0]?.ok === true) return;
    if (Date.now() > deadlineMs) {
      throw new LockedError(`another run writes to ${database.describe}, so its schema cannot be changed now`, {
        hint: 'wait until it ends (hs jobs list shows it), then try again',
      });
    }
    await sleep(200);
  }
}
