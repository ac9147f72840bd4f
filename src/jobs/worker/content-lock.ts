import { CONTENT_KEY, CONTENT_WANTED_KEY } from '../../db/lock-keys.ts';
import type { LockSession } from '../../db/locks.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import type { Claim } from '../ledger/ledger.ts';
import { isCommand } from './queued-work.ts';

/** What keeps pruning away while a worker is at work of its own. Commands that it runs see to that themselves, or prune. */
export type ContentLock = {
  /** Whether a job of this queue may be begun: not while somebody prunes or waits for that, unless it is a command in any case. */
  admits: (queue: JobQueue) => Promise<boolean>;
  /** Lets others prune, unless work of its own is under way. Only for who claims, between two claims. */
  giveBack: () => Promise<void>;
};

const COMMANDS_ONLY: readonly JobQueue[] = ['export', 'command'];
/** Workers that are always at work would otherwise never let anybody prune. */
const WANTED_EVERY_MS = 1_000;

/** A lock of this session. One that broke admits nothing; that it broke is seen elsewhere. */
export function createContentLock(session: LockSession, active: ReadonlyMap<string, { claim: Claim }>): ContentLock {
  let isHeld = false;
  let wanted = { atMs: -Infinity, is: false };
  const isWanted = async (): Promise<boolean> => {
    const atMs = performance.now();
    if (atMs - wanted.atMs >= WANTED_EVERY_MS) wanted = { atMs, is: (await session.findHeld()).has(CONTENT_WANTED_KEY) };
    return wanted.is;
  };
  const isNeeded = (): boolean => [...active.values()].some(({ claim }) => !isCommand(claim.job.payload));
  return {
    admits: async (queue) => {
      if (COMMANDS_ONLY.includes(queue)) return true;
      if (await isWanted().catch(() => true)) return false;
      isHeld ||= await session.tryLockShared(CONTENT_KEY).catch(() => false);
      return isHeld;
    },
    giveBack: async () => {
      if (!isHeld || isNeeded()) return;
      isHeld = false;
      await session.unlockShared(CONTENT_KEY).catch(() => undefined);
    },
  };
}
