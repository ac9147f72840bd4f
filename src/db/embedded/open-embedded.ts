import { setTimeout as sleep } from 'node:timers/promises';

import { HsError, TemporaryError } from '../../errors/hs-error.ts';
import { SUPERUSER } from './create-cluster.ts';
import { registerPresence, type EmbeddedConnection, type Presence } from './presence.ts';
import { ensureServer, type ServerOptions } from './start-server.ts';
import { layOutStore, SOCKET_PORT, type StoreLayout } from './store-layout.ts';

const DEFAULT_WAIT_MS = 120_000;

export type EmbeddedServer = { layout: StoreLayout; connection: EmbeddedConnection } & Presence;

/**
 * Starts the server of the store at `<home>/db` if it does not run and registers this process with it. The connection stays
 * valid until `leave()`, which stops the server when nobody else is there, or `detach()`, which leaves it running.
 */
export async function openEmbedded(options: ServerOptions & { home: string; waitMs?: number }): Promise<EmbeddedServer> {
  const layout = layOutStore(options.home);
  const connection = { host: layout.socketFolder, port: SOCKET_PORT, user: SUPERUSER, database: 'postgres' };
  const deadlineMs = Date.now() + (options.waitMs ?? DEFAULT_WAIT_MS);
  for (;;) {
    await ensureServer({ ...options, layout, deadlineMs });
    try {
      return { layout, connection, ...(await registerPresence(layout, connection)) };
    } catch (error) {
      if (error instanceof HsError) throw error;
      if (Date.now() > deadlineMs) throw neverReady(layout, error);
      await sleep(20 + 30 * Math.random()); // being stopped or started by somebody else: look again
    }
  }
}

function neverReady(layout: StoreLayout, cause: unknown): TemporaryError {
  return new TemporaryError('local_database_not_ready', `the local database accepts no connection; see ${layout.log}`, { cause });
}
