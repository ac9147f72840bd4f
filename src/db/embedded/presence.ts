import type net from 'node:net';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import pg from 'pg';

import { EMBEDDED_PRESENCE_KEY } from '../lock-keys.ts';
import { hasLockFile, readServerPid } from './server-state.ts';
import type { StoreLayout } from './store-layout.ts';

/** Connection that says "a command is using this server"; the server unregisters one that dies when its socket closes. */
export type Presence = { leave(): Promise<void>; detach(): Promise<void> };

export type EmbeddedConnection = { host: string; port: number; user: string; database: string };

/** Registers with a shared advisory lock. The last command to leave gets it exclusively and stops the server. */
export async function registerPresence(layout: StoreLayout, connection: EmbeddedConnection): Promise<Presence> {
  const client = new pg.Client({ ...connection, application_name: 'hs-presence' });
  let isGone = false;
  client.on('error', () => {
    isGone = true;
  });
  try {
    await client.connect();
    await client.query(`SET TIME ZONE 'UTC'`);
    await client.query('SELECT pg_advisory_lock_shared($1)', [EMBEDDED_PRESENCE_KEY]);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
  socketOf(client).unref(); // presence alone must not keep the command alive
  const detach = async (): Promise<void> => {
    if (isGone) return;
    isGone = true;
    socketOf(client).ref();
    await client.end().catch(() => undefined);
  };
  const leave = async (): Promise<void> => {
    if (isGone) return;
    socketOf(client).ref();
    if (!existsSync(layout.keep)) await stopIfLast(layout, client).catch(() => undefined); // already gone: fine
    await detach();
  };
  return { leave, detach };
}

async function stopIfLast(layout: StoreLayout, client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ is_last: boolean }>('SELECT pg_advisory_unlock_shared($1), pg_try_advisory_lock($1) AS is_last', [
    EMBEDDED_PRESENCE_KEY,
  ]);
  if (rows[0]?.is_last === true) await shutDown(layout);
}

const SHUTDOWN_LIMIT_MS = 30_000;

/** Fast shutdown: open transactions are rolled back, connections closed. Returns when the data folder is free. */
export async function shutDown(layout: StoreLayout): Promise<boolean> {
  const pid = readServerPid(layout);
  if (pid === undefined) return true;
  process.kill(pid, 'SIGINT');
  const deadlineMs = Date.now() + SHUTDOWN_LIMIT_MS;
  while (hasLockFile(layout) && readServerPid(layout) === pid) {
    if (Date.now() > deadlineMs) return false;
    await sleep(5);
  }
  return true;
}

function socketOf(client: pg.Client): net.Socket {
  return (client as unknown as { connection: { stream: net.Socket } }).connection.stream;
}
