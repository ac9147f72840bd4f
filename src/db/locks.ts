import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Knex } from 'knex';
import type pg from 'pg';

import { LockedError } from '../errors/hs-error.ts';
import { folderLockKey, runLockKey, WRITERS_KEY } from './lock-keys.ts';

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
    lost: lost.signal,
    close: () => client.end(),
  };
}

/** Marks a run as alive and keeps migrations away while it lives. Take it before the run's row is inserted. */
export async function lockRun(session: LockSession, runId: string): Promise<void> {
  await session.lockShared(WRITERS_KEY);
  await session.lockExclusive(runLockKey(runId));
}

type Held = { key: bigint; mode: 'exclusive' | 'shared' };

const POLL_MS = 100;

/**
 * Locks folders against overlapping ones: each root exclusively, all folders above it shared, so that the same folder, one
 * inside it or one around it conflicts and a sibling does not. Takes all or none, waits up to `waitMs`, then throws LockedError.
 * `roots` are real paths; the locks last until the session closes.
 */
export async function lockRoots(session: LockSession, roots: readonly string[], waitMs: number): Promise<void> {
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    const blocked = await tryLockRoots(session, roots);
    if (blocked === undefined) return;
    if (Date.now() >= deadlineMs) throw rootLocked(blocked);
    await sleep(Math.min(POLL_MS, Math.max(1, deadlineMs - Date.now())));
  }
}

function rootLocked(root: string): LockedError {
  return new LockedError(`another run is working on ${root} or a folder that overlaps it`, {
    hint: 'wait until it ends, or give --lock-wait SECONDS',
  });
}

/** The first root that could not be had; everything taken before it is given back. */
async function tryLockRoots(session: LockSession, roots: readonly string[]): Promise<string | undefined> {
  const held: Held[] = [];
  for (const root of roots) {
    for (const wanted of locksOf(root)) {
      if (await tryLock(session, wanted)) held.push(wanted);
      else {
        await release(session, held);
        return root;
      }
    }
  }
  return undefined;
}

function locksOf(root: string): Held[] {
  const locks: Held[] = [{ key: folderLockKey(root), mode: 'exclusive' }];
  for (let folder = root; path.dirname(folder) !== folder;) {
    folder = path.dirname(folder);
    locks.push({ key: folderLockKey(folder), mode: 'shared' });
  }
  return locks;
}

function tryLock(session: LockSession, { key, mode }: Held): Promise<boolean> {
  return mode === 'exclusive' ? session.tryLockExclusive(key) : session.tryLockShared(key);
}

async function release(session: LockSession, held: readonly Held[]): Promise<void> {
  for (const { key, mode } of held) {
    await (mode === 'exclusive' ? session.unlockExclusive(key) : session.unlockShared(key));
  }
}

/** Whether the process that works for this run is there, on whichever machine. */
export async function isRunAlive(knex: Knex, runId: string): Promise<boolean> {
  return (await findHeldKeys(knex)).has(runLockKey(runId));
}

/** Keys of all advisory locks held in this database. Looks, and never takes a lock to find out. */
export async function findHeldKeys(knex: Knex): Promise<Set<bigint>> {
  const { rows } = await knex.raw<{ rows: { key: string }[] }>(
    `SELECT ((classid::bigint << 32) | objid::bigint)::text AS key FROM pg_locks
      WHERE locktype = 'advisory' AND objsubid = 1 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return new Set(rows.map((row) => BigInt(row.key)));
}
