import { afterAll, beforeAll, expect, test } from 'vitest';

import { enqueue } from '../../src/jobs/ledger/enqueue.ts';
import { fail } from '../../src/jobs/ledger/fail.ts';
import type { Ledger } from '../../src/jobs/ledger/ledger.ts';
import { createTestLedger, newJob, takeJob, type TestLedger } from '../helpers/ledger.ts';
import { runHs } from '../helpers/run-hs.ts';

let own: TestLedger;
let ledger: Ledger;

beforeAll(async () => {
  own = await createTestLedger();
  ledger = own.ledger;
});

afterAll(() => own.drop());

async function queueJob(name: string): Promise<string> {
  const [job] = await enqueue(ledger, [newJob(name)]);
  return job?.id ?? '';
}

function hs(...args: string[]) {
  return runHs(args, { env: { HS_DATABASE_URL: own.url } });
}

test('jobs cancel ends what waits, and jobs retry queues what failed', async () => {
  const failed = await queueJob('failed');
  await fail(ledger, await takeJob(own), { message: 'no', again: 'never' });
  const waiting = await queueJob('waiting');
  const ended = await hs('jobs', 'cancel', waiting, failed, '--json');
  expect(JSON.parse(ended.stdout)).toMatchObject({
    items: [
      { id: waiting, was: 'queued', outcome: 'cancelled' },
      { id: failed, was: 'failed', outcome: 'was over already' },
    ],
  });
  const again = await hs('jobs', 'retry', failed, waiting);
  expect(again.stdout).toMatch(new RegExp(`${failed}\\s+failed\\s+queued`));
  expect(again.stdout).toMatch(new RegExp(`${waiting}\\s+cancelled\\s+has not failed`));
  expect(await own.knex('jobs').where({ id: failed }).first()).toMatchObject({ status: 'queued', attempt_number: 2 });
});

test.each(['cancel', 'retry'])('jobs %s changes nothing where an id is none', async (verb) => {
  const waiting = await queueJob(`kept-${verb}`);
  const { code, stderr } = await hs('jobs', verb, waiting, 'no-such-id');
  expect(code).toBe(2);
  expect(stderr).toContain('there is no job "no-such-id"');
  expect(await own.knex('jobs').where({ id: waiting }).first()).toMatchObject({ status: 'queued', cancel_requested_at: null });
});
