import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { findJob } from '../../../src/db/models/jobs.ts';
import { listJobAttempts } from '../../../src/db/models/job-attempts.ts';
import { enqueue } from '../../../src/jobs/ledger/enqueue.ts';
import type { Ledger } from '../../../src/jobs/ledger/ledger.ts';
import { alertJob } from '../../../src/jobs/worker/queued-work.ts';
import { createTestLedger, type TestLedger } from '../../helpers/ledger.ts';
import { startHs } from '../../helpers/run-hs.ts';

let own: TestLedger;
let ledger: Ledger;
let worker: ReturnType<typeof startHs>;

beforeAll(async () => {
  own = await createTestLedger();
  ledger = own.ledger;
  worker = startHs(['worker', '--quiet', '--queues', 'alert'], { env: { HS_DATABASE_URL: own.url, HS_HOME: '/nonexistent/hs-home' } });
  worker.stdout.resume();
  while ((await own.knex('runs').where({ command: 'worker' })).length === 0) await sleep(100);
  // Long enough to be idle, and to have heard its own greeting.
  await sleep(1500);
}, 60_000);

afterAll(async () => {
  worker.kill('SIGTERM');
  await own.drop();
});

/** How long a job waited after it could be begun, by the clock of the database. */
async function waitedMs(id: string): Promise<number> {
  await expect.poll(async () => (await findJob(own.knex, id))?.status, { timeout: 20_000, interval: 20 }).toBe('completed');
  const [job, [attempt]] = [await findJob(own.knex, id), await listJobAttempts(own.knex, id)];
  return (attempt?.started_at.getTime() ?? NaN) - (job?.created_at.getTime() ?? NaN);
}

test('a worker that has nothing to do asks seldom, and begins a new job at once all the same', { timeout: 60_000 }, async () => {
  const waits: number[] = [];
  for (let i = 0; i < 5; i += 1) {
    await sleep(200);
    const [job] = await enqueue(ledger, [alertJob()]);
    waits.push(await waitedMs(job?.id ?? ''));
  }
  // Whoever asked every five seconds would be late by seconds; a loaded machine is late by parts of one.
  expect(waits.sort((a, b) => a - b)[2]).toBeLessThan(400);
});

test('a job that may not be begun yet is begun when it may', { timeout: 60_000 }, async () => {
  const [job] = await enqueue(ledger, [{ ...alertJob(), delayMs: 1200 }]);
  const ms = await waitedMs(job?.id ?? '');
  expect(ms).toBeGreaterThanOrEqual(1190);
  expect(ms).toBeLessThan(2500);
});
