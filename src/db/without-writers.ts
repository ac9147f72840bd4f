import { setTimeout as sleep } from 'node:timers/promises';
import { LockedError } from '../errors/hs-error.ts';
import type { Database } from './database.ts';
import { CONTENT_KEY, CONTENT_WANTED_KEY, runLockKey, WRITERS_KEY } from './lock-keys.ts';
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
    await waitFor(() => session.tryLockExclusive(WRITERS_KEY), database, deadlineOf(wait));
    return await work();
  } finally {
    await session.close().catch(() => undefined);
  }
}

/** Marks a run as alive that prunes, while no other one writes; workers that wait for work are no hindrance. Throws LockedError as `withoutWriters` does. */
export async function lockRunAlone(
  session: LockSession,
  runId: string,
  { database, ...wait }: WritersWait & { database: Pick<Database, 'describe'> },
): Promise<void> {
  const deadline = deadlineOf(wait);
  await waitFor(() => session.tryLockShared(WRITERS_KEY), database, deadline);
  await session.lockShared(CONTENT_WANTED_KEY);
  try {
    await waitFor(() => session.tryLockExclusive(CONTENT_KEY), database, deadline);
  } finally {
    await session.unlockShared(CONTENT_WANTED_KEY);
  }
  await session.lockExclusive(runLockKey(runId));
}

type Deadline = { endMs: number; signal: AbortSignal | undefined };

function deadlineOf({ waitMs, signal }: WritersWait): Deadline {
  return { endMs: performance.now() + waitMs, signal };
}

async function waitFor(
  tryLock: () => Promise<boolean>,
  { describe }: Pick<Database, 'describe'>,
  { endMs, signal }: Deadline,
): Promise<void> {
  while (!(await tryLock())) {
    if (performance.now() >= endMs) {
      throw new LockedError(`a run writes to ${describe}`, {
        hint: 'wait until it ends (hs jobs list shows it), then try again',
      });
    }
    await sleep(POLL_MS, undefined, { signal });
  }
}
