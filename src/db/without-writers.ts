import { setTimeout as sleep } from 'node:timers/promises';
import { LockedError } from '../errors/hs-error.ts';
import type { Database } from './database.ts';
import { runLockKey, WRITERS_KEY } from './lock-keys.ts';
import { openLockSession, type LockSession } from './locks.ts';

export type WritersWait = { waitMs: number; signal?: AbortSignal };

const POLL_MS = 100;

/**
 * Runs `work` while no run writes, and keeps new ones waiting until it is done. Throws LockedError when one is at work and does
 * not end within `waitMs`.
 */
export async function withoutWriters<Result>(
  database: Pick<Database, 'connect' | 'describe'>,
  work: () => Promise<Result>,
  wait: WritersWait = { waitMs: 0 },
): Promise<Result> {
  const session = await openLockSession(database);
  try {
    await keepWritersOut(session, database, wait);
    return await work();
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** Marks a run as alive that writes alone, until the session closes. Throws LockedError as `withoutWriters` does. */
export async function lockRunAlone(
  session: LockSession,
  runId: string,
  { database, ...wait }: WritersWait & { database: Pick<Database, 'describe'> },
): Promise<void> {
  await keepWritersOut(session, database, wait);
  await session.lockExclusive(runLockKey(runId));
}

async function keepWritersOut(
  session: LockSession,
  { describe }: Pick<Database, 'describe'>,
  { waitMs, signal }: WritersWait,
): Promise<void> {
  const deadlineMs = performance.now() + waitMs;
  while (!(await session.tryLockExclusive(WRITERS_KEY))) {
    if (performance.now() >= deadlineMs) {
      throw new LockedError(`a run writes to ${describe}`, {
        hint: 'wait until it ends (hs jobs list shows it), then try again',
      });
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
