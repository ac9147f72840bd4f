import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { JOBS_CHANNEL } from '../../../src/db/engine/job-engine.ts';
import { openLockSession, type LockSession } from '../../../src/db/locks.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { enqueue } from '../../../src/jobs/ledger/enqueue.ts';
import type { Ledger } from '../../../src/jobs/ledger/ledger.ts';
import { listenForJobs } from '../../../src/jobs/worker/job-news.ts';
import { createTestLedger, newJob, type TestLedger } from '../../helpers/ledger.ts';

let own: TestLedger;
let ledger: Ledger;
let session: LockSession;

beforeAll(async () => {
  own = await createTestLedger();
  ledger = own.ledger;
  session = await openLockSession(own.database);
});

afterAll(async () => {
  await session.close();
  await own.drop();
});

test('who listens is told of jobs in its queues when they are committed, and of nothing else', async () => {
  let told = 0;
  const news = await listenForJobs({ knex: own.knex, session, runId: uuidV7(), queues: ['detect', 'risk'] });
  news.onNews(() => (told += 1));
  await expect.poll(news.isHeard).toBe(true);
  expect(told, 'its own greeting is no news').toBe(0);
  await enqueue(ledger, [newJob('other', { queue: 'alert' })]);
  await own.knex
    .transaction(async (trx) => {
      await trx.raw('SELECT pg_notify(?, ?)', [JOBS_CHANNEL, 'detect']);
      throw new Error('taken back');
    })
    .catch(() => undefined);
  await sleep(100);
  expect(told).toBe(0);
  await enqueue(ledger, [newJob('one'), newJob('two'), newJob('three')]);
  await expect.poll(() => told).toBe(1);
  await enqueue(ledger, [newJob('later', { queue: 'risk', delayMs: 60_000 })]);
  await expect.poll(() => told).toBe(2);
});

test('the engine says when the next job may be handed out', async () => {
  const nextMs = (queues: Parameters<ReturnType<Ledger['engine']>['findNextStart']>[0]) => ledger.engine().findNextStart(queues);
  expect(await nextMs(['scan'])).toBeUndefined();
  expect(await nextMs([])).toBeUndefined();
  expect(await nextMs(['risk'])).toBeGreaterThan(50_000);
  expect(await nextMs(['risk'])).toBeLessThanOrEqual(60_000);
  expect(await nextMs(['scan', 'risk', 'detect'])).toBeLessThanOrEqual(0);
});

test('where nothing can be heard a worker knows that it has to ask', async () => {
  const deaf = { ...session, listen: () => Promise.resolve() };
  const refused = { ...session, listen: () => Promise.reject(new Error('LISTEN is not supported')) };
  for (const one of [deaf, refused]) {
    const news = await listenForJobs({ knex: own.knex, session: one, runId: uuidV7(), queues: ['detect'] });
    await sleep(100);
    expect(news.isHeard()).toBe(false);
  }
});
