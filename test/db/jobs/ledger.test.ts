import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { ENGINE_SCHEMA } from '../../../src/db/engine/job-engine.ts';
import { listJobAttempts } from '../../../src/db/models/job-attempts.ts';
import { listTransitions } from '../../../src/db/models/job-transitions.ts';
import { lockRun, openLockSession } from '../../../src/db/locks.ts';
import { findJob, type JobRow } from '../../../src/db/models/jobs.ts';
import { insertRun } from '../../../src/db/models/runs.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import type { JobQueue } from '../../../src/domain/job-queues.ts';
import { cancel, retry } from '../../../src/jobs/ledger/cancel.ts';
import { claim } from '../../../src/jobs/ledger/claim.ts';
import { enqueue } from '../../../src/jobs/ledger/enqueue.ts';
import { fail } from '../../../src/jobs/ledger/fail.ts';
import { finish, finishCancelled } from '../../../src/jobs/ledger/finish.ts';
import { heartbeat } from '../../../src/jobs/ledger/heartbeat.ts';
import { FencedError, type Claim, type Ledger } from '../../../src/jobs/ledger/ledger.ts';
import { reconcile } from '../../../src/jobs/ledger/reconcile.ts';
import { takeOverFromDead } from '../../../src/jobs/ledger/take-over.ts';
import { createTestLedger, deleteJobs, newJob, takeJob, type TestLedger } from '../../helpers/ledger.ts';

let own: TestLedger;
let ledger: Ledger;

beforeAll(async () => {
  own = await createTestLedger();
  ledger = own.ledger;
});

afterAll(() => own.drop());

beforeEach(() => deleteJobs(own.knex));

const take = (queues?: readonly JobQueue[]): Promise<Claim> => takeJob(own, queues);

async function jobOf({ job }: Pick<Claim, 'job'>): Promise<JobRow> {
  const row = await findJob(own.knex, job.id);
  if (row === undefined) throw new Error('the job is gone');
  return row;
}

async function movesOf({ job }: Pick<Claim, 'job'>): Promise<string[]> {
  const moves = await listTransitions(own.knex, job.id);
  return moves.map((move) => `${move.from_status}>${move.to_status} ${move.triggered_by}`);
}

/** As if nothing had been heard of the claim for longer than its lease. */
async function loseLease({ job }: Claim): Promise<void> {
  await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.job SET heartbeat_on = now() - interval '1 minute' WHERE id = ?`, [job.id]);
  await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.queue SET monitor_on = NULL, monitor_claim_on = NULL`);
  await ledger.engine().supervise();
}

const EMPTY = { result: {} };

describe('enqueue', () => {
  test('the same work waits once, whoever asks', async () => {
    const both = await Promise.all([enqueue(ledger, [newJob('a'), newJob('b')]), enqueue(ledger, [newJob('b'), newJob('a'), newJob('a')])]);
    expect(both.flat()).toHaveLength(2);
  });

  test('nothing is nothing', async () => {
    expect(await enqueue(ledger, [])).toEqual([]);
  });

  test('what runs already is queued beside only where it must look once more', async () => {
    await enqueue(ledger, [newJob('a')]);
    await take();
    expect(await enqueue(ledger, [newJob('a')])).toEqual([]);
    expect(await enqueue(ledger, [newJob('a', { evenWhileRunning: true })])).toHaveLength(1);
    expect(await enqueue(ledger, [newJob('a', { evenWhileRunning: true })])).toEqual([]);
  });

  test('what was done may be done again', async () => {
    await enqueue(ledger, [newJob('a')]);
    await finish(ledger, await take(), EMPTY);
    expect(await enqueue(ledger, [newJob('a')])).toHaveLength(1);
  });
});

describe('claim', () => {
  test('nothing to do is said, and an unknown queue is not looked into', async () => {
    await enqueue(ledger, [newJob('a', { queue: 'risk' })]);
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
    expect(await claim(ledger, { queues: [], workerId: uuidV7() })).toBe('nothing');
  });

  test('priority 0 comes first, then what was queued first', async () => {
    await enqueue(
      ledger,
      [4, 2, 0, 3, 1, 0].map((priority, i) => newJob(`${String(priority)}-${String(i)}`, { priority })),
    );
    const order: unknown[] = [];
    for (let i = 0; i < 6; i += 1) order.push((await take()).job.natural_key);
    expect(order).toEqual(['0-2', '0-5', '1-4', '2-1', '3-3', '4-0']);
  });

  test('twenty claim ten jobs: each is handed out once', async () => {
    await enqueue(
      ledger,
      Array.from({ length: 10 }, (_, i) => newJob(String(i))),
    );
    const claims = await Promise.all(Array.from({ length: 20 }, () => claim(ledger, { queues: ['detect'], workerId: uuidV7() })));
    const ids = claims.flatMap((one) => (typeof one === 'string' ? [] : [one.job.id]));
    expect(new Set(ids).size).toBe(ids.length);
    for (let i = ids.length; i < 10; i += 1) await take();
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
  });

  test('the row says who works on it, and the attempt is open', async () => {
    await enqueue(ledger, [newJob('a')]);
    const claimed = await take();
    expect(await jobOf(claimed)).toMatchObject({ status: 'running', attempt_number: 1 });
    expect(await listJobAttempts(own.knex, claimed.job.id)).toMatchObject([{ attempt_number: 1, status: 'started', ended_at: null }]);
  });
});

describe('a worker that gives no sign of life', () => {
  test('loses the job to the next attempt, and can write nothing of it any more', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await loseLease(first);
    const second = await take();
    expect(second).toMatchObject({ job: { id: first.job.id }, attemptNumber: 2 });
    await expect(finish(ledger, first, { result: {}, next: [newJob('b')] })).rejects.toBeInstanceOf(FencedError);
    await expect(fail(ledger, first, { message: 'late', again: 'never' })).rejects.toBeInstanceOf(FencedError);
    expect(await heartbeat(ledger, [first, second])).toEqual([{ jobId: first.job.id, because: 'lost' }]);
    await finish(ledger, second, EMPTY);
    expect(await movesOf(first)).toEqual([
      'queued>running worker',
      'running>failed timeout',
      'failed>queued retry',
      'queued>running worker',
      'running>completed worker',
    ]);
    expect(await own.knex('jobs').where({ natural_key: 'b' })).toEqual([]);
  });

  test('a lease that ended before anybody took over fences as well', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await loseLease(first);
    await expect(finish(ledger, first, EMPTY)).rejects.toBeInstanceOf(FencedError);
    expect((await take()).attemptNumber).toBe(2);
  });

  test('twenty times: the job has failed, and nobody gets it', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await loseLease(first);
    for (let lost = 1; lost < 20; lost += 1) await loseLease(await take());
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('settled');
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
    expect(await jobOf(first)).toMatchObject({ status: 'failed', attempt_number: 20, next_retry_at: null });
    expect(await enqueue(ledger, [newJob('a')])).toHaveLength(1);
  });

  test('does not count against the job: three attempts that fail by themselves are still left', async () => {
    await enqueue(ledger, [newJob('a')]);
    for (let lost = 0; lost < 5; lost += 1) await loseLease(await take());
    for (let failed = 0; failed < 3; failed += 1) {
      const claimed = await take();
      await fail(ledger, claimed, { message: 'no', again: 'later' });
      await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.job SET start_after = now()`);
    }
    expect(await own.knex('jobs').first()).toMatchObject({ status: 'failed', attempt_number: 8, next_retry_at: null });
  });

  test('a sign of life keeps the job', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.job SET heartbeat_on = now() - interval '9 seconds'`);
    expect(await heartbeat(ledger, [first])).toEqual([]);
    await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.job SET heartbeat_on = heartbeat_on - interval '5 seconds'`);
    await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.queue SET monitor_on = NULL, monitor_claim_on = NULL`);
    await ledger.engine().supervise();
    await finish(ledger, first, EMPTY);
  });
});

describe('a worker whose process is gone', () => {
  test('is taken over from at once, long before its lease ends', async () => {
    await enqueue(ledger, [newJob('a')]);
    const workerId = uuidV7();
    await insertRun(own.knex, { id: workerId, command: 'worker', args_json: {}, hs_version: '0', config_fingerprint: '' });
    const first = await claim(ledger, { queues: ['detect'], workerId });
    if (typeof first === 'string') throw new Error(first);
    expect(await takeOverFromDead(ledger)).toBe(1);
    expect(await takeOverFromDead(ledger)).toBe(0);
    expect(await take()).toMatchObject({ job: { id: first.job.id }, attemptNumber: 2 });
    await expect(finish(ledger, first, EMPTY)).rejects.toBeInstanceOf(FencedError);
  });

  test('its job is next, not behind what was queued after it', async () => {
    await enqueue(ledger, [newJob('a')]);
    const workerId = uuidV7();
    await insertRun(own.knex, { id: workerId, command: 'worker', args_json: {}, hs_version: '0', config_fingerprint: '' });
    await claim(ledger, { queues: ['detect'], workerId });
    await enqueue(ledger, [newJob('b'), newJob('c')]);
    await takeOverFromDead(ledger);
    expect((await take()).job.natural_key).toBe('a');
  });

  test('one that lives keeps what it has', async () => {
    await enqueue(ledger, [newJob('a')]);
    const workerId = uuidV7();
    const session = await openLockSession(own.database);
    try {
      await lockRun(session, workerId);
      await insertRun(own.knex, { id: workerId, command: 'worker', args_json: {}, hs_version: '0', config_fingerprint: '' });
      const first = await claim(ledger, { queues: ['detect'], workerId });
      if (typeof first === 'string') throw new Error(first);
      expect(await takeOverFromDead(ledger)).toBe(0);
      await finish(ledger, first, EMPTY);
    } finally {
      await session.close();
    }
  });
});

describe('fail', () => {
  test('waits before it is tried again, and waits as its row says', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await fail(ledger, first, { message: 'the share is away', again: 'later' });
    const row = await jobOf(first);
    expect(row).toMatchObject({ status: 'failed', error_message: 'the share is away' });
    const waitMs = (row.next_retry_at?.getTime() ?? 0) - (row.completed_at?.getTime() ?? 0);
    expect(waitMs).toBeGreaterThanOrEqual(1000);
    expect(waitMs).toBeLessThanOrEqual(1250);
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
    await own.knex.raw(`UPDATE ${ENGINE_SCHEMA}.job SET start_after = now()`);
    expect(await take()).toMatchObject({ job: { id: first.job.id }, attemptNumber: 2 });
  });

  test('what no attempt can mend is not tried again', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await fail(ledger, first, { message: 'no such folder', again: 'never' });
    expect(await jobOf(first)).toMatchObject({ status: 'failed', next_retry_at: null });
    expect((await retry(ledger, first.job.id)).kind).toBe('queued');
    expect((await take()).attemptNumber).toBe(2);
  });

  test('what a stopping worker gives back is there at once, and costs no attempt', async () => {
    await enqueue(ledger, [newJob('a')]);
    for (let i = 0; i < 5; i += 1) await fail(ledger, await take(), { message: 'the worker stops', again: 'at-once' });
    expect((await take()).job).toMatchObject({ attempt_number: 6, max_attempts: 8 });
  });

  test('a name that somebody else waits under by now is given up', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await enqueue(ledger, [newJob('a', { evenWhileRunning: true })]);
    await fail(ledger, first, { message: 'x', again: 'later' });
    expect(await jobOf(first)).toMatchObject({ natural_key: null });
  });
});

describe('cancel and retry', () => {
  test('what waits ends at once, what runs at its next safe point', async () => {
    await enqueue(ledger, [newJob('a'), newJob('b', { priority: 4 })]);
    const running = await take();
    const waiting = await own.knex<JobRow>('jobs').where({ natural_key: 'b' }).first();
    expect(await cancel(ledger, waiting?.id ?? '')).toBe('cancelled');
    expect(await cancel(ledger, waiting?.id ?? '')).toBe('over');
    expect(await cancel(ledger, running.job.id)).toBe('stopping');
    expect(await heartbeat(ledger, [running])).toEqual([{ jobId: running.job.id, because: 'cancelled' }]);
    await finishCancelled(ledger, running);
    expect(await movesOf(running)).toEqual(['queued>running worker', 'running>cancelled worker']);
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
  });

  test('a failed job that waits is not tried again, and stays failed', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await fail(ledger, first, { message: 'x', again: 'later' });
    expect(await cancel(ledger, first.job.id)).toBe('not-retried');
    expect(await jobOf(first)).toMatchObject({ status: 'failed', next_retry_at: null });
    expect(await movesOf(first)).toEqual(['queued>running worker', 'running>failed worker']);
  });

  test('only failed jobs of a queue are retried', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    expect(await retry(ledger, first.job.id)).toEqual({ kind: 'not-failed' });
    expect(await retry(ledger, uuidV7())).toEqual({ kind: 'unknown' });
  });
});

describe('what has lost its worker', () => {
  const enqueueTogether = (): Promise<unknown> =>
    enqueue(
      ledger,
      Array.from({ length: 12 }, (_, i) => newJob(String(i))),
    );
  const nameOf = ({ job }: Claim): unknown => (job.payload as { name: string }).name;

  test('comes before all that came together with it and still waits', async () => {
    await enqueueTogether();
    const [first, second, third] = [await take(), await take(), await take()];
    await loseLease(second);
    await fail(ledger, first, { message: 'its worker stopped', again: 'at-once' });
    const order = [nameOf(await take()), nameOf(await take()), nameOf(await take())];
    expect([nameOf(third), order]).toEqual(['2', ['0', '1', '3']]);
  });

  test('what came together is handed out in its order', async () => {
    await enqueueTogether();
    const names: unknown[] = [];
    for (let i = 0; i < 12; i += 1) names.push(nameOf(await take()));
    expect(names).toEqual(Array.from({ length: 12 }, (_, i) => String(i)));
  });
});

describe('an engine whose schema was dropped', () => {
  const drop = (): Promise<unknown> => own.knex.raw(`DROP SCHEMA ${ENGINE_SCHEMA} CASCADE`);

  test('is set up again and knows every unfinished job; what ran comes again without loss of an attempt', async () => {
    await enqueue(
      ledger,
      Array.from({ length: 20 }, (_, i) => newJob(String(i), { priority: i % 5 })),
    );
    const running = await take();
    const done = await take();
    await finish(ledger, done, EMPTY);
    await drop();
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
    expect(await reconcile(ledger)).toBe(0);
    await expect(finish(ledger, running, EMPTY)).rejects.toBeInstanceOf(FencedError);
    const ids = new Set<string>();
    for (let i = 0; i < 19; i += 1) {
      const claimed = await take();
      ids.add(claimed.job.id);
      await finish(ledger, claimed, EMPTY);
    }
    expect(ids.size).toBe(19);
    expect(await jobOf(running)).toMatchObject({ status: 'completed', attempt_number: 2, max_attempts: 4 });
    expect(await own.knex('jobs').whereNot({ status: 'completed' })).toEqual([]);
  });

  test('hands out what is as urgent in the order in which it came, also what had lost its worker', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await enqueue(ledger, [newJob(name)]);
    const [first, second] = [await take(), await take()];
    await fail(ledger, second, { message: 'its worker stopped', again: 'at-once' });
    await drop();
    expect(await claim(ledger, { queues: ['detect'], workerId: uuidV7() })).toBe('nothing');
    const nameOf = ({ job }: Claim): unknown => (job.payload as { name: string }).name;
    const order = [nameOf(await take()), nameOf(await take()), nameOf(await take()), nameOf(await take()), nameOf(await take())];
    expect([nameOf(first), nameOf(second), order]).toEqual(['a', 'b', ['a', 'b', 'c', 'd', 'e']]);
  });

  test('whatever is asked first finds it gone and sets it up', async () => {
    await enqueue(ledger, [newJob('a')]);
    const first = await take();
    await drop();
    await expect(finish(ledger, first, EMPTY)).rejects.toBeInstanceOf(FencedError);
    const second = await take();
    expect(second.job.id).toBe(first.job.id);
    await drop();
    expect(await heartbeat(ledger, [second])).toEqual([{ jobId: second.job.id, because: 'lost' }]);
    await drop();
    expect(await enqueue(ledger, [newJob('b')])).toHaveLength(1);
  });
});
