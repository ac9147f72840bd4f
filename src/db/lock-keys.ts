import { createHash } from 'node:crypto';

/** Keys of advisory locks, one 64-bit space for the whole program. Fixed ones are "HS" and a number. */
export const EMBEDDED_PRESENCE_KEY = 0x4853_0001n;
export const MIGRATION_KEY = 0x4853_0002n;
export const PARTITIONS_KEY = 0x4853_0003n;
/** Held shared by every run that writes, exclusively by what must be alone: migrating, restoring. */
export const WRITERS_KEY = 0x4853_0004n;
/** Held shared by whoever writes footage and what is made of it, exclusively by who prunes it. A worker holds it only while it is at work of its own. */
export const CONTENT_KEY = 0x4853_0008n;
/** Held shared by whoever waits for that: workers begin nothing of their own meanwhile, so that it comes to its turn. */
export const CONTENT_WANTED_KEY = 0x4853_0009n;

/** Held while a transaction that wrote audit rows commits: they are sealed in one chain. */
export const AUDIT_CHAIN_KEY = 0x4853_0005n;

/** Held for the moment in which somebody takes folders. */
export const FOLDERS_KEY = 0x4853_0006n;
/** Held while one of several shards forms and rates events. */
export const SHARDS_DERIVE_KEY = 0x4853_0007n;

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

/** Held, shared, by every shard that works on a folder. */
export function shardedFolderKey(realPath: string): bigint {
  return namedLockKey(`sharded:${realPath}`);
}

/** Held, shared, by the shards of the same partition of a folder. */
export function partitionKey(realPath: string, count: number): bigint {
  return namedLockKey(`sharded:${String(count)}:${realPath}`);
}

/** Held by the one who works on this shard of a folder. */
export function shardKey(realPath: string, { index, count }: { index: number; count: number }): bigint {
  return namedLockKey(`shard:${String(index)}/${String(count)}:${realPath}`);
}
