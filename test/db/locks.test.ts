import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { lockFolders, lockRoots } from '../../src/db/folder-locks.ts';
import { isRunAlive, lockRun, openLockSession, type LockSession } from '../../src/db/locks.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { migrateToLatest, rollBack } from '../../src/db/migrate.ts';
import { LockedError } from '../../src/errors/hs-error.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;
let first: LockSession;
let second: LockSession;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(async () => {
  await own.drop();
});

beforeEach(async () => {
  first = await openLockSession(own.database);
  second = await openLockSession(own.database);
});

afterEach(async () => {
  await first.close();
  await second.close();
});

test.each([
  ['the same folder', ['/footage/a'], ['/footage/a'], '/footage/a'],
  ['a folder inside', ['/footage'], ['/footage/a/b'], '/footage/a/b'],
  ['a folder around', ['/footage/a/b'], ['/footage'], '/footage'],
  ['the root of everything', ['/'], ['/footage'], '/footage'],
  ['a sibling', ['/footage/a'], ['/footage/b'], undefined],
  ['a sibling whose name begins alike', ['/footage/a'], ['/footage/ab'], undefined],
  ['another tree', ['/footage/a'], ['/mnt/a'], undefined],
  ['one of several', ['/x', '/y/z'], ['/a', '/b', '/y'], '/y'],
  ['no folder at all', ['/x'], [], undefined],
] as const)('two runs on %s exclude each other only when they overlap (§11)', async (_, held, wanted, blocked) => {
  await lockRoots(first, held, 0);
  const attempt = lockRoots(second, wanted, 0);
  if (blocked === undefined) await expect(attempt).resolves.toBeUndefined();
  else await expect(attempt).rejects.toThrow(`another run is working on ${blocked} or`);
});

test('a run may name a folder and one inside it at once', async () => {
  await lockRoots(first, ['/footage', '/footage/a', '/footage'], 0);
  await expect(lockRoots(second, ['/footage/a'], 0)).rejects.toThrow(LockedError);
});

test.each([
  ['another part of the same folder', ['/f'], [1, 3], ['/f'], [2, 3], true],
  ['another part of several folders', ['/f', '/g'], [1, 3], ['/g', '/f'], [3, 3], true],
  ['another part, with a folder inside named, too', ['/f', '/f/a'], [1, 3], ['/f/a', '/f'], [2, 3], true],
  ['the same part', ['/f'], [1, 3], ['/f'], [1, 3], false],
  ['a part of another partition', ['/f'], [1, 3], ['/f'], [2, 4], false],
  ['the whole', ['/f'], [1, 3], ['/f'], undefined, false],
  ['the whole of a folder inside', ['/f'], [1, 3], ['/f/a/b'], undefined, false],
  ['the whole of a folder around', ['/f/a'], [1, 3], ['/f'], undefined, false],
  ['a part of a folder inside', ['/f'], [1, 3], ['/f/a'], [2, 3], false],
  ['a part of a folder around', ['/f/a'], [1, 3], ['/f'], [2, 3], false],
  ['the whole of a sibling', ['/f/a'], [1, 3], ['/f/b'], undefined, true],
  ['a part of a sibling', ['/f/a'], [1, 3], ['/f/b'], [1, 4], true],
] as const)('one part of a folder and %s', async (_, heldRoots, held, wantedRoots, wanted, isAllowed) => {
  const toShard = (shard: readonly [number, number] | undefined) => shard && { index: shard[0], count: shard[1] };
  const [one, other] = [
    { roots: heldRoots, shard: toShard(held) },
    { roots: wantedRoots, shard: toShard(wanted) },
  ];
  for (const [before, after] of [
    [one, other],
    [other, one],
  ] as const) {
    const [a, b] = [await openLockSession(own.database), await openLockSession(own.database)];
    try {
      await lockFolders(a, before, 0);
      const attempt = lockFolders(b, after, 0);
      if (isAllowed) await expect(attempt).resolves.toBeUndefined();
      else await expect(attempt).rejects.toThrow(LockedError);
    } finally {
      await Promise.all([a.close(), b.close()]);
    }
  }
});

test('the whole of a folder is free when the last of its parts has ended, not before', async () => {
  await lockFolders(first, { roots: ['/f'], shard: { index: 1, count: 2 } }, 0);
  await lockFolders(second, { roots: ['/f'], shard: { index: 2, count: 2 } }, 0);
  await first.close();
  first = await openLockSession(own.database);
  await expect(lockRoots(first, ['/f'], 0)).rejects.toThrow(LockedError);
  await lockFolders(first, { roots: ['/f'], shard: { index: 1, count: 2 } }, 0);
  await Promise.all([first.close(), second.close()]);
  [first, second] = [await openLockSession(own.database), await openLockSession(own.database)];
  await expect.poll(() => lockRoots(first, ['/f'], 0).then(() => true, () => false)).toBe(true); // prettier-ignore
});

test('any number of parts may begin at the same moment', async () => {
  const sessions = await Promise.all(Array.from({ length: 12 }, () => openLockSession(own.database)));
  try {
    await Promise.all(sessions.map((session, i) => lockFolders(session, { roots: ['/f', '/g'], shard: { index: i + 1, count: 12 } }, 0)));
    await expect(lockRoots(first, ['/f/a'], 0)).rejects.toThrow(LockedError);
  } finally {
    await Promise.all(sessions.map((session) => session.close()));
  }
});

test('who is refused keeps nothing', async () => {
  await lockRoots(first, ['/b'], 0);
  await expect(lockRoots(second, ['/a', '/b'], 0)).rejects.toThrow(LockedError);
  const third = await openLockSession(own.database);
  await lockRoots(third, ['/a'], 0);
  await third.close();
});

test('waits for the lock as long as it may', async () => {
  await lockRoots(first, ['/a'], 0);
  const before = Date.now();
  await expect(lockRoots(second, ['/a'], 400)).rejects.toThrow(LockedError);
  expect(Date.now() - before).toBeGreaterThanOrEqual(399);
  const waiting = lockRoots(second, ['/a'], 30_000);
  await first.close();
  await waiting;
  first = await openLockSession(own.database);
});

test('a refused lock is exit code 11', async () => {
  await lockRoots(first, ['/a'], 0);
  await expect(lockRoots(second, ['/a'], 0)).rejects.toMatchObject({ exitCode: 11, code: 'locked' });
});

test('a run is alive exactly while its session is open', async () => {
  const runId = uuidV7();
  expect(await isRunAlive(own.knex, runId)).toBe(false);
  await lockRun(first, runId);
  expect(await isRunAlive(own.knex, runId)).toBe(true);
  expect(await isRunAlive(own.knex, runId.toUpperCase())).toBe(true);
  expect(await isRunAlive(own.knex, uuidV7())).toBe(false);
  await first.close();
  await expect.poll(() => isRunAlive(own.knex, runId)).toBe(false);
  first = await openLockSession(own.database);
});

test('a session whose connection breaks says so', async () => {
  await lockRun(first, uuidV7());
  await own.knex.raw(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hs-locks' AND datname = current_database()`,
  );
  await expect.poll(() => first.lost.aborted).toBe(true);
  first = await openLockSession(own.database);
  second = await openLockSession(own.database);
});

test('a session that is asked whether it holds knows that it was broken before it heard of it', async () => {
  expect(await first.isAlive()).toBe(true);
  await own.knex.raw(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'hs-locks' AND datname = current_database()`,
  );
  expect({ isAlive: await first.isAlive(), isLost: first.lost.aborted }).toEqual({ isAlive: false, isLost: true });
  first = await openLockSession(own.database);
  second = await openLockSession(own.database);
});

test('a schema change waits for runs that write', async () => {
  const empty = await createTestDatabase({ migrated: false });
  const session = await openLockSession(empty.database);
  await lockRun(session, uuidV7());
  let isDone = false;
  const migrating = migrateToLatest(empty.database).then(() => (isDone = true));
  await new Promise((resolve) => setTimeout(resolve, 500));
  expect(isDone).toBe(false);
  await session.close();
  await migrating;
  await rollBack(empty.database, { all: true });
  await empty.drop();
});
