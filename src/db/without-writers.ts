import { LockedError } from '../errors/hs-error.ts';
import type { Database } from './database.ts';
import { WRITERS_KEY } from './lock-keys.ts';
import { openLockSession } from './locks.ts';

/** Runs `work` while no run writes, and keeps new ones waiting until it is done. Throws LockedError when one is at work. */
export async function withoutWriters<Result>(
  database: Pick<Database, 'connect' | 'describe'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const session = await openLockSession(database);
  try {
    if (!(await session.tryLockExclusive(WRITERS_KEY))) {
      throw new LockedError(`a run writes to ${database.describe}`, { hint: 'wait until it ends (hs jobs list shows it), then try again' });
    }
    return await work();
  } finally {
    await session.close().catch(() => undefined);
  }
}
