import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { loadSettings } from '../../../src/config/load-settings.ts';
import type { JobQueue } from '../../../src/domain/job-queues.ts';
import { enqueue } from '../../../src/jobs/ledger/enqueue.ts';
import { openLedger } from '../../../src/jobs/ledger/ledger.ts';
import { scanJob } from '../../../src/jobs/worker/queued-work.ts';
import { runWorker, type WorkerOutcome } from '../../../src/jobs/worker/run-worker.ts';
import type { WorkerLimits } from '../../../src/jobs/worker/worker-options.ts';
import { scanOrder } from '../../../src/services/ingest/queue/scan-order.ts';
import { toIngestRequest } from '../../../src/services/ingest/to-ingest-request.ts';
import { makeSegmentFootage } from '../../faults/segment-footage.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';

const SEGMENTS = 8;

let folder: string;
let own: TestDatabase;
let loaded: ReturnType<typeof loadSettings>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hs-save-beside-'));
  own = await createTestDatabase();
  const footage = join(folder, 'footage');
  await makeSegmentFootage(footage, { segments: SEGMENTS, poison: 0, seconds: 4 });
  const flags = { 'detector.model': 'motion' };
  loaded = loadSettings({ env: { HS_HOME: join(folder, 'home') }, flags, cwd: folder });
  const { settings } = loaded;
  const wanted = { 'time-sequential': false, replace: false, 'verify-hash': false, 'dry-run': false, analyze: false };
  const request = toIngestRequest({ roots: [footage], ...wanted, actor: 'test', settings, now: new Date() });
  const ledger = await openLedger(own.knex);
  await enqueue(ledger, [scanJob(await scanOrder(request, settings, undefined))]);
  await ledger.close();
  expect((await work({ queues: ['scan'], limits: { once: true } })).tally.done).toBe(1);
  expect(await statuses()).toEqual(Array(SEGMENTS).fill('queued'));
}, 120_000);

afterAll(async () => {
  await own.drop();
  await rm(folder, { recursive: true, force: true });
});

type Work = { queues: JobQueue[]; limits: WorkerLimits; signal?: AbortSignal };

/** A worker with one process that computes. */
function work({ queues, limits, signal = new AbortController().signal }: Work): Promise<WorkerOutcome> {
  const { settings, fingerprint: settingsFingerprint } = loaded;
  const silent = { warn: () => undefined, onJob: () => undefined };
  const what = { version: '0.0.0', logLevel: 'info' as const, args: {}, program: '', concurrency: 1, graceMs: 60_000 };
  return runWorker({ ...what, ...silent, database: own.database, settings, settingsFingerprint, queues, limits, signal });
}

async function statuses(): Promise<string[]> {
  return own.knex('jobs').where({ job_type: 'detect' }).orderBy('status').pluck('status');
}

const saveThatWaits = (trx: Knex.Transaction) => ({ granted: false, relation: trx.raw("'detections'::regclass") });

/** While this lasts nothing that was found can be saved. */
async function whileNothingIsSaved(during: (trx: Knex.Transaction) => Promise<void>): Promise<void> {
  await own.knex.transaction(async (trx) => {
    await trx.raw('LOCK TABLE detections IN SHARE MODE');
    await during(trx);
  });
}

async function untilRunning(jobs: number): Promise<void> {
  const running = async (): Promise<number> => (await statuses()).filter((status) => status === 'running').length;
  await expect.poll(running, { timeout: 60_000, interval: 50 }).toBe(jobs);
}

test('a worker looks at the next segment while the last one is being saved, and takes no more jobs than it may', async () => {
  let ended: Promise<WorkerOutcome> | undefined;
  await whileNothingIsSaved(async () => {
    ended = work({ queues: ['detect'], limits: { once: false, maxJobs: 2 } });
    await untilRunning(2);
  });
  expect(await ended).toMatchObject({ stoppedBy: 'limit', tally: { done: 2, failed: 0 } });
  expect(await statuses()).toEqual(['completed', 'completed', ...Array<string>(SEGMENTS - 2).fill('queued')]);
}, 120_000);

test('it is ahead by one segment a process at most, and when told to stop finishes both', async () => {
  const stop = new AbortController();
  let ended: Promise<WorkerOutcome> | undefined;
  await whileNothingIsSaved(async () => {
    ended = work({ queues: ['detect'], limits: { once: false }, signal: stop.signal });
    await untilRunning(2);
    // Long enough for the second one to be looked at as well.
    await sleep(1_500);
    await untilRunning(2);
    stop.abort();
  });
  expect(await ended).toMatchObject({ stoppedBy: 'signal', tally: { done: 2, failed: 0, 'given-back': 0 } });
  expect(await statuses()).toEqual([...Array<string>(4).fill('completed'), ...Array<string>(SEGMENTS - 4).fill('queued')]);
  expect(await own.knex('job_attempts').join('jobs', 'jobs.id', 'job_id').where({ job_type: 'detect' })).toHaveLength(4);
  expect(await own.knex('media_files').where({ status: 'processing' })).toEqual([]);
}, 120_000);

async function untilSaveWaits(trx: Knex.Transaction): Promise<void> {
  const waiting = async (): Promise<number> => (await trx('pg_locks').where(saveThatWaits(trx))).length;
  await expect.poll(waiting, { timeout: 60_000, interval: 50 }).toBeGreaterThan(0);
}

test('where one connection breaks what was being looked at fails, and the worker goes on with the segments after it', async () => {
  let ended: Promise<WorkerOutcome> | undefined;
  await whileNothingIsSaved(async (trx) => {
    ended = work({ queues: ['detect'], limits: { once: false, maxJobs: 3 } });
    await untilRunning(2);
    await untilSaveWaits(trx);
    await trx('pg_locks').select(trx.raw('pg_terminate_backend(pid)')).where(saveThatWaits(trx));
  });
  expect(await ended).toMatchObject({ stoppedBy: 'limit', tally: { done: 1, failed: 2 } });
  // Their files were given back, and looked at together with that segment: their second attempts have nothing left to do.
  expect(await statuses()).toEqual([
    ...Array<string>(5).fill('completed'),
    'failed',
    'failed',
    ...Array<string>(SEGMENTS - 7).fill('queued'),
  ]);
}, 120_000);

test('a segment that cannot be saved because its worker has lost all connections is done again, and has failed nothing', async () => {
  let ended: Promise<WorkerOutcome> | undefined;
  await whileNothingIsSaved(async (trx) => {
    ended = work({ queues: ['detect'], limits: { once: true } });
    await untilSaveWaits(trx);
    await trx.raw('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()');
  });
  const { stoppedBy, tally } = (await ended) ?? { tally: { failed: NaN, lost: NaN } };
  expect({ stoppedBy, failed: tally.failed }).toEqual({ stoppedBy: 'empty', failed: 0 });
  expect(tally.lost).toBeGreaterThan(0);
  expect(await statuses()).toEqual(Array(SEGMENTS).fill('completed'));
  const ends = own.knex('job_attempts').join('jobs', 'jobs.id', 'job_id').where({ job_type: 'detect', 'job_attempts.status': 'failed' });
  expect(await ends.whereLike('job_attempts.error_message', '%no sign of life').pluck('job_id')).toHaveLength(tally.lost);
}, 120_000);
