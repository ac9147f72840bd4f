import { createHash } from 'node:crypto';

/** Keys of advisory locks, one 64-bit space for the whole program. Fixed ones are "HS" and a number. */
export const EMBEDDED_PRESENCE_KEY = 0x4853_0001n;
export const MIGRATION_KEY = 0x4853_0002n;
export const PARTITIONS_KEY = 0x4853_0003n;
/** Held shared by every run that writes, exclusively by what must be alone: migrating, pruning, restoring. */
export const WRITERS_KEY = 0x4853_0004n;

/** Held while a transaction that wrote audit rows commits: they are sealed in one chain. */
export const AUDIT_CHAIN_KEY = 0x4853_0005n;

/** Key of a lock that has a name: 64 bits of its SHA-256. */
export function namedLockKey(name: string): bigint {
  return createHash('sha256').update(name).digest().readBigInt64BE(0);
}

/** A live run holds this lock; a run without it and without an end is dead. */
export function runLockKey(runId: string): bigint {
  return namedLockKey(`run:${runId.toLowerCase()}`);
}

/** Key of the lock on a folder, by its real path. */
export function folderLockKey(realPath: string): bigint {
  return namedLockKey(`folder:${realPath}`);
}
