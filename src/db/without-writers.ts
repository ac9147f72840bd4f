import { setTimeout as sleep } from 'node:timers/promises';
import { LockedError } from '../errors/hs-error.ts';
import type { Database } from './database.ts';
import { WRITERS_KEY } from './lock-keys.ts';
import { openLockSession } from './locks.ts';

export type WritersWait = { waitMs: number; signal?: AbortSignal };

const POLL_MS = 100;

/**
 * Runs `work` while no run writes, and keeps new ones waiting until it is done. Throws LockedError when one is at work and does
 * not end within `waitMs`.
 */
export async function withoutWriters<Result>(
  database: Pick<Database, 'connect' | 'describe'>,
  work: () => Promise<Result>,
  { waitMs, signal }: WritersWait = { waitMs: 0 },
): Promise<Result> {
  const session = await openLockSession(database);
  const deadlineMs = performance.now() + waitMs;
  try {
    while (!(await session.tryLockExclusive(WRITERS_KEY))) {
      if (performance.now() >= deadlineMs) {
        throw new LockedError(`a run writes to ${database.describe}`, {
          hint: 'wait until it ends (hs jobs list shows it), then try again',
        });
      }
      await sleep(POLL_MS, undefined, { signal });
    }
    return await work();
  } finally {
    await session.close().catch(() => undefined);
  }
}
