import type { Knex } from 'knex';
import type pg from 'pg';

import { sleep } from '../lib/sleep.ts';
import { CONTENT_KEY, runLockKey, WRITERS_KEY } from './lock-keys.ts';

const POLL_MS = 100;

/**
 * Advisory locks held by one connection of their own. They go when the session closes or the process dies. `lost` aborts when
 * the connection breaks: whatever the locks protected is then no longer protected.
 */
export type LockSession = {
  lockExclusive(key: bigint): Promise<void>;
  lockShared(key: bigint): Promise<void>;
  tryLockExclusive(key: bigint): Promise<boolean>;
  tryLockShared(key: bigint): Promise<boolean>;
  unlockExclusive(key: bigint): Promise<void>;
  unlockShared(key: bigint): Promise<void>;
  /** Keys of all advisory locks held in this database, its own included. */
  findHeld(): Promise<Set<bigint>>;
  /** Hears what is told on a channel, for as long as the session is open. A pooler between may keep it from hearing anything. */
  listen(channel: string, onNotice: (payload: string) => void): Promise<void>;
  /** Asks the database itself: that a connection has broken is noticed later than what broke with it. */
  isAlive(): Promise<boolean>;
  readonly lost: AbortSignal;
  close(): Promise<void>;
};

export async function openLockSession(database: { connect(): Promise<pg.Client> }): Promise<LockSession> {
  const client = await database.connect();
  const lost = new AbortController();
  client.on('error', (error) => {
    lost.abort(error);
  });
  await client.query(`SET application_name = 'hs-locks'`);
  const call = async (name: string, key: bigint): Promise<void> => {
    await client.query(`SELECT ${name}($1)`, [key]);
  };
  const ask = async (name: string, key: bigint): Promise<boolean> => {
    const { rows } = await client.query<{ result: boolean }>(`SELECT ${name}($1) AS result`, [key]);
    return rows[0]?.result === true;
  };
  return {
    lockExclusive: (key) => call('pg_advisory_lock', key),
    lockShared: (key) => call('pg_advisory_lock_shared', key),
    tryLockExclusive: (key) => ask('pg_try_advisory_lock', key),
    tryLockShared: (key) => ask('pg_try_advisory_lock_shared', key),
    unlockExclusive: (key) => call('pg_advisory_unlock', key),
    unlockShared: (key) => call('pg_advisory_unlock_shared', key),
    findHeld: async () => toKeys((await client.query<{ key: string }>(HELD_KEYS)).rows),
    listen: async (channel, onNotice) => {
      client.on('notification', (notice) => {
        if (notice.channel === channel) onNotice(notice.payload ?? '');
      });
      await client.query(`LISTEN ${client.escapeIdentifier(channel)}`);
    },
    isAlive: async () => {
      await client.query('SELECT 1').catch((error: unknown) => {
        lost.abort(error);
      });
      return !lost.signal.aborted;
    },
    lost: lost.signal,
    close: () => client.end(),
  };
}

/** Marks a run as alive and keeps migrations and pruning away while it lives. Take it before the run's row is inserted. */
export async function lockRun(session: LockSession, runId: string): Promise<void> {
  await session.lockShared(CONTENT_KEY);
  await lockWorker(session, runId);
}

/** The same for a run that keeps pruning away only while it has something to do. */
export async function lockWorker(session: LockSession, runId: string): Promise<void> {
  await session.lockShared(WRITERS_KEY);
  await session.lockExclusive(runLockKey(runId));
}

type Alone<Result> = { work: () => Promise<Result>; signal: AbortSignal };

/** Does something while nobody else does it, and waits for that; undefined when the signal aborts before it begins. */
export async function withLock<Result>(session: LockSession, key: bigint, { work, signal }: Alone<Result>): Promise<Result | undefined> {
  while (!(await session.tryLockExclusive(key))) {
    await sleep(POLL_MS, signal);
    if (signal.aborted) return undefined;
  }
  try {
    return await work();
  } finally {
    await session.unlockExclusive(key).catch(() => undefined);
  }
}

/** Whether the process that works for this run is there, on whichever machine. */
export async function isRunAlive(knex: Knex, runId: string): Promise<boolean> {
  return (await findHeldKeys(knex)).has(runLockKey(runId));
}

const HELD_KEYS = `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Keys of all advisory locks held in this database. Looks, and never takes a lock to find out. */
export async function findHeldKeys(knex: Knex): Promise<Set<bigint>> {
  const { rows } = await knex.raw<{ rows: { key: string }[] }>(HELD_KEYS);
  return toKeys(rows);
}

function toKeys(rows: readonly { key: string }[]): Set<bigint> {
  return new Set(rows.map((row) => BigInt(row.key)));
}
