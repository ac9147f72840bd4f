import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

import { CONTENT_KEY } from '../../../src/db/lock-keys.ts';
import { lockRun, openLockSession, type LockSession } from '../../../src/db/locks.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { lockRunAlone } from '../../../src/db/without-writers.ts';
import { claim } from '../../../src/jobs/ledger/claim.ts';
import { enqueue } from '../../../src/jobs/ledger/enqueue.ts';
import { createContentLock } from '../../../src/jobs/worker/content-lock.ts';
import { createTestLedger, deleteJobs, newJob, takeJob, type TestLedger } from '../../helpers/ledger.ts';

let own: TestLedger;
let worker: LockSession;
let pruner: LockSession;

beforeAll(async () => {
  own = await createTestLedger();
});

afterAll(() => own.drop());

beforeEach(async () => {
  await deleteJobs(own.knex);
  [worker, pruner] = [await openLockSession(own.database), await openLockSession(own.database)];
  return async () => {
    await worker.close();
    await pruner.close();
  };
});

const prune = (): Promise<void> => lockRunAlone(pruner, uuidV7(), { database: own.database, waitMs: 0 });
const mayPrune = async (): Promise<boolean> => {
  const isFree = await pruner.tryLockExclusive(CONTENT_KEY);
  if (isFree) await pruner.unlockExclusive(CONTENT_KEY);
  return isFree;
};

test('while somebody prunes only commands are handed out, and the rest waits', async () => {
  const { admits } = createContentLock(worker, new Map());
  await prune();
  await enqueue(own.ledger, [newJob('segment'), newJob('file', { queue: 'export', payload: { argv: ['backup', 'create'], cwd: '/' } })]);
  const next = () => claim(own.ledger, { queues: ['detect', 'export'], workerId: uuidV7(), admits });
  expect(await next()).toMatchObject({ queue: 'export' });
  expect(await next()).toBe('refused');
  await pruner.close();
  await expect.poll(next).toMatchObject({ queue: 'detect' });
  pruner = await openLockSession(own.database);
});

test('pruning is kept away for as long as work of its own is under way, not for a command', async () => {
  const active = new Map<string, { claim: Awaited<ReturnType<typeof takeJob>> }>();
  const content = createContentLock(worker, active);
  expect(await mayPrune()).toBe(true);
  expect(await content.admits('command')).toBe(true);
  expect(await mayPrune()).toBe(true);
  await enqueue(own.ledger, [newJob('rating', { queue: 'risk' })]);
  expect(await content.admits('risk')).toBe(true);
  active.set('rating', { claim: await takeJob(own, ['risk']) });
  await content.giveBack();
  expect(await mayPrune()).toBe(false);
  await enqueue(own.ledger, [newJob('analyze', { queue: 'risk', payload: { argv: ['analyze'], cwd: '/' } })]);
  active.set('analyze', { claim: await takeJob(own, ['risk']) });
  active.delete('rating');
  await content.giveBack();
  expect(await mayPrune()).toBe(true);
});

test('who waits to prune comes to it though workers are always at work: they begin nothing of their own until it is done', async () => {
  const active = new Map<string, { claim: Awaited<ReturnType<typeof takeJob>> }>();
  const content = createContentLock(worker, active);
  expect(await content.admits('risk')).toBe(true);
  await enqueue(own.ledger, [newJob('rating', { queue: 'risk' })]);
  active.set('rating', { claim: await takeJob(own, ['risk']) });
  const pruning = lockRunAlone(pruner, uuidV7(), { database: own.database, waitMs: 20_000 });
  await expect.poll(() => content.admits('risk'), { timeout: 10_000 }).toBe(false);
  expect(await content.admits('export')).toBe(true);
  await content.giveBack();
  expect(await isSettled(pruning)).toBe(false);
  active.delete('rating');
  await content.giveBack();
  await pruning;
  expect(await content.admits('risk')).toBe(false);
  await pruner.close();
  await expect.poll(() => content.admits('risk'), { timeout: 10_000 }).toBe(true);
  pruner = await openLockSession(own.database);
});

const isSettled = (work: Promise<unknown>): Promise<boolean> => Promise.race([work.then(() => true), sleep(300).then(() => false)]);

test('who writes without a queue keeps pruning away, and the other way round', async () => {
  await lockRun(worker, uuidV7());
  await expect(prune()).rejects.toMatchObject({ exitCode: 11 });
  await worker.close();
  await expect.poll(mayPrune).toBe(true);
  await prune();
  worker = await openLockSession(own.database);
  let isBegun = false;
  const begun = lockRun(worker, uuidV7()).then(() => (isBegun = true));
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(isBegun).toBe(false);
  await pruner.close();
  await begun;
  pruner = await openLockSession(own.database);
});

test('a lock that broke admits nothing of its own', async () => {
  const content = createContentLock(worker, new Map());
  await worker.close();
  expect(await content.admits('detect')).toBe(false);
  await content.giveBack();
  worker = await openLockSession(own.database);
});
