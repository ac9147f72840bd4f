import { existsSync } from 'node:fs';

import pg from 'pg';

import { LockedError, TemporaryError } from '../../errors/hs-error.ts';
import { EMBEDDED_PRESENCE_KEY } from '../lock-keys.ts';
import { SUPERUSER } from './create-cluster.ts';
import { stopKeepingRunning } from './keep-running.ts';
import { shutDown } from './presence.ts';
import { readServerPid, readServerState, type ServerState } from './server-state.ts';
import { layOutStore, SOCKET_PORT, type StoreLayout } from './store-layout.ts';

/**
 * Stops the server of this store, also one that was to be kept. False when it did not run. Throws LockedError while other
 * commands use it, unless forced: their open transactions are rolled back then.
 */
export async function stopEmbedded(home: string, options: { force: boolean }): Promise<boolean> {
  const layout = layOutStore(home);
  stopKeepingRunning(home);
  if ((await readServerState(layout)) === 'down') return false;
  if (!options.force && !(await isUnused(layout))) {
    throw new LockedError(`other commands are using ${layout.home}`, { hint: 'wait until they end, or give --force' });
  }
  if (await shutDown(layout)) return true;
  throw new TemporaryError('local_database_not_stopping', `the local database does not stop; see ${layout.log}`);
}

async function isUnused(layout: StoreLayout): Promise<boolean> {
  const client = new pg.Client({ host: layout.socketFolder, port: SOCKET_PORT, user: SUPERUSER, database: 'postgres' });
  client.on('error', () => undefined); // stopped by its last user at this very moment
  try {
    await client.connect();
    const { rows } = await client.query<{ unused: boolean }>('SELECT pg_try_advisory_lock($1) AS unused', [EMBEDDED_PRESENCE_KEY]);
    return rows[0]?.unused === true;
  } finally {
    await client.end().catch(() => undefined);
  }
}

export type EmbeddedStatus = { folder: string; isCreated: boolean; state: ServerState; pid: number | undefined; log: string };

/** Looks at the server of this store without starting it. */
export async function readEmbeddedStatus(home: string): Promise<EmbeddedStatus> {
  const layout = layOutStore(home);
  const state = await readServerState(layout);
  return {
    folder: layout.home,
    isCreated: existsSync(layout.data),
    state,
    pid: state === 'down' ? undefined : readServerPid(layout),
    log: layout.log,
  };
}
