import { openDatabase, type Database } from '../../db/database.ts';
import { isKeptRunning } from '../../db/embedded/keep-running.ts';
import { readEmbeddedStatus } from '../../db/embedded/stop-embedded.ts';
import { readSchemaState } from '../../db/migrate.ts';
import { readServerFacts } from '../../db/server-facts.ts';
import type { DatabaseTarget } from './local-server.ts';

export type DatabaseRecord = {
  kind: 'embedded' | 'server';
  target: string;
  /** Before anything was asked: what is stopped is started for the answer only. */
  state: 'running' | 'stopped' | 'not created';
  kept_running: boolean | null;
  server_version: string | null;
  schema_version: string | null;
  pending_migrations: string[] | null;
  size_bytes: number | null;
  connections: number | null;
  log: string | null;
};

/** What the database is and how far its schema is. Changes nothing. */
export async function showDatabase(target: DatabaseTarget): Promise<DatabaseRecord> {
  if (target.url !== undefined) return describe(target, { kind: 'server', state: 'running', kept_running: null, log: null });
  const { state, log, folder, isCreated } = await readEmbeddedStatus(target.home);
  const kept = isKeptRunning(target.home);
  if (isCreated) return describe(target, { kind: 'embedded', state: state === 'down' ? 'stopped' : 'running', kept_running: kept, log });
  return { kind: 'embedded', target: `the local database at ${folder}`, state: 'not created', kept_running: kept, ...UNKNOWN, log };
}

const UNKNOWN = { server_version: null, schema_version: null, pending_migrations: null, size_bytes: null, connections: null };

async function describe(
  target: DatabaseTarget,
  known: Pick<DatabaseRecord, 'kind' | 'state' | 'kept_running' | 'log'>,
): Promise<DatabaseRecord> {
  const database = await openDatabase({ ...target, migrate: 'none' });
  try {
    const { kind, log, ...state } = known;
    return { kind, target: database.describe, ...state, ...(await readFacts(database)), log };
  } finally {
    await database.close();
  }
}

async function readFacts({ knex }: Database): Promise<Omit<DatabaseRecord, 'kind' | 'target' | 'state' | 'kept_running' | 'log'>> {
  const { applied, pending } = await readSchemaState(knex);
  const { version, sizeBytes, connections } = await readServerFacts(knex);
  return {
    server_version: version,
    schema_version: applied.at(-1) ?? null,
    pending_migrations: pending,
    size_bytes: sizeBytes,
    connections,
  };
}
