import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';

import { isRunAlive, lockRoots, lockRun, openLockSession, type LockSession } from '../../src/db/locks.ts';
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
