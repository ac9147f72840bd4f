import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { LockedError } from '../errors/hs-error.ts';
import { folderLockKey, FOLDERS_KEY, partitionKey, shardedFolderKey, shardKey } from './lock-keys.ts';
import type { LockSession } from './locks.ts';

type Held = { key: bigint; mode: 'exclusive' | 'shared' };
type Part = { index: number; count: number };
type Wanted = {
  /** Real paths. */
  roots: readonly string[];
  /** Who works on one part only gets along with those who work on other parts of the same whole. */
  shard?: Part | undefined;
};

const POLL_MS = 100;

/** Locks folders against overlapping ones as `lockFolders` does: each for the caller alone. */
export function lockRoots(session: LockSession, roots: readonly string[], waitMs: number): Promise<void> {
  return lockFolders(session, { roots }, waitMs);
}

/**
 * Locks folders: the same folder, one inside it or one around it conflicts and a sibling does not; only shards of the same folders that
 * are cut into as many get along. Takes all or none, waits up to `waitMs`, then throws LockedError. The locks last until the session closes.
 */
export async function lockFolders(session: LockSession, wanted: Wanted, waitMs: number): Promise<void> {
  const deadlineMs = Date.now() + waitMs;
  for (;;) {
    const blocked = await tryLockFolders(session, wanted);
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

/**
 * The first root that could not be had; everything taken before it is given back. One at a time: who else may get in depends on who is in,
 * which shared and exclusive locks alone cannot say.
 */
async function tryLockFolders(session: LockSession, { roots, shard }: Wanted): Promise<string | undefined> {
  await session.lockExclusive(FOLDERS_KEY);
  const taken: Held[] = [];
  try {
    const others = await session.findHeld();
    const own = shard === undefined ? roots : outermost(roots);
    for (const root of own) {
      const isHad = shard === undefined ? await takeWhole(session, root, { others, taken }) : await takePart(session, root, { others, taken, shard }); // prettier-ignore
      if (isHad) continue;
      await release(session, taken);
      return root;
    }
    return undefined;
  } finally {
    await session.unlockExclusive(FOLDERS_KEY);
  }
}

/** `others`: held before this turn. `taken`: in this turn. */
type Turn = { others: ReadonlySet<bigint>; taken: Held[] };

/** For one alone: the root exclusively, all folders above it shared. */
async function takeWhole(session: LockSession, root: string, turn: Turn): Promise<boolean> {
  if ([root, ...foldersAbove(root)].some((folder) => turn.others.has(shardedFolderKey(folder)))) return false;
  return takeAll(session, [{ key: folderLockKey(root), mode: 'exclusive' }, ...sharedAbove(root)], turn);
}

/**
 * For one of several: the root shared, once it is certain that nobody else but shards of the same partition is on it or in it. The first
 * one makes certain; those after it need only see one of them.
 */
async function takePart(session: LockSession, root: string, turn: Turn & { shard: Part }): Promise<boolean> {
  const { others, shard } = turn;
  if (foldersAbove(root).some((folder) => others.has(shardedFolderKey(folder)))) return false;
  const folder = folderLockKey(root);
  const partition = partitionKey(root, shard.count);
  const isFirst = !others.has(partition);
  if (isFirst && !(await session.tryLockExclusive(folder))) return false;
  const wanted: Held[] = [
    { key: shardKey(root, shard), mode: 'exclusive' },
    { key: folder, mode: 'shared' },
    { key: shardedFolderKey(root), mode: 'shared' },
    { key: partition, mode: 'shared' },
    ...sharedAbove(root),
  ];
  const isHad = await takeAll(session, wanted, turn);
  if (isFirst) await session.unlockExclusive(folder);
  return isHad;
}

async function takeAll(session: LockSession, wanted: readonly Held[], { taken }: Turn): Promise<boolean> {
  for (const one of wanted) {
    if (!(await tryLock(session, one))) return false;
    taken.push(one);
  }
  return true;
}

function sharedAbove(root: string): Held[] {
  return foldersAbove(root).map((folder) => ({ key: folderLockKey(folder), mode: 'shared' }));
}

function foldersAbove(root: string): string[] {
  const folders: string[] = [];
  for (let folder = root; path.dirname(folder) !== folder;) {
    folder = path.dirname(folder);
    folders.push(folder);
  }
  return folders;
}

/** Without those inside another one of them. */
function outermost(roots: readonly string[]): string[] {
  return [...new Set(roots)].filter((root) => !foldersAbove(root).some((folder) => roots.includes(folder)));
}

function tryLock(session: LockSession, { key, mode }: Held): Promise<boolean> {
  return mode === 'exclusive' ? session.tryLockExclusive(key) : session.tryLockShared(key);
}

async function release(session: LockSession, held: readonly Held[]): Promise<void> {
  for (const { key, mode } of held) {
    await (mode === 'exclusive' ? session.unlockExclusive(key) : session.unlockShared(key));
  }
}
