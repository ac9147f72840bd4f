import { CONTENT_KEY } from '../../db/lock-keys.ts';
import type { LockSession } from '../../db/locks.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import type { Claim } from '../ledger/ledger.ts';
import { isCommand } from './queued-work.ts';

/** What keeps pruning away while a worker is at work of its own. Commands that it runs see to that themselves, or prune. */
export type ContentLock = {
  /** Whether a job of this queue may be begun: not while somebody prunes, unless it is a command in any case. */
  admits: (queue: JobQueue) => Promise<boolean>;
  /** Lets others prune, unless work of its own is under way. Only for who claims, between two claims. */
  giveBack: () => Promise<void>;
};

const COMMANDS_ONLY: readonly JobQueue[] = ['export', 'command'];

/** A lock of this session. One that broke admits nothing; that it broke is seen elsewhere. */
export function createContentLock(session: LockSession, active: ReadonlyMap<string, { claim: Claim }>): ContentLock {
  let isHeld = false;
  const isNeeded = (): boolean => [...active.values()].some(({ claim }) => !isCommand(claim.job.payload));
  return {
    admits: async (queue) => {
      if (isHeld || COMMANDS_ONLY.includes(queue)) return true;
      isHeld = await session.tryLockShared(CONTENT_KEY).catch(() => false);
      return isHeld;
    },
    giveBack: async () => {
      if (!isHeld || isNeeded()) return;
      isHeld = false;
      await session.unlockShared(CONTENT_KEY).catch(() => undefined);
    },
  };
}
