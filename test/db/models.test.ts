import { afterAll, beforeAll, expect, test } from 'vitest';

import { readDatabaseClock } from '../../src/db/database-clock.ts';
import { insertAuditLog, listAuditLogs } from '../../src/db/models/audit-logs.ts';
import { advanceLastSeen, findCamera, insertCamera, listCameras, updateCamera } from '../../src/db/models/cameras.ts';
import * as exportJobs from '../../src/db/models/export-jobs.ts';
import { endJobAttempt, insertJobAttempt, listJobAttempts } from '../../src/db/models/job-attempts.ts';
import { insertJobLogs, listJobLogs } from '../../src/db/models/job-logs.ts';
import { listTransitions } from '../../src/db/models/job-transitions.ts';
import { findJob, insertJob, listJobs, saveJobMove, saveJobProgress } from '../../src/db/models/jobs.ts';
import { insertLogs } from '../../src/db/models/logs.ts';
import { findPropertyByName, insertProperty } from '../../src/db/models/properties.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { durationSeconds, isComplete, isRunning } from '../../src/domain/export-job.ts';
import { attemptDurationSeconds, cancelJob, failJob, prepareRetry, startJob, updateProgress } from '../../src/domain/job.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(async () => {
  await own.drop();
});

test('a camera is created once, whichever of id, name and folder is taken', async () => {
  const { knex } = own;
  expect(await listCameras(knex)).toEqual([]);
  expect(await insertCamera(knex, { id: 'a', name: 'A', folder_path: '/a' })).toBe(true);
  expect(await insertCamera(knex, { id: 'a', name: 'A2', folder_path: '/a2' })).toBe(false);
  expect(await insertCamera(knex, { id: 'a3', name: 'A', folder_path: '/a3' })).toBe(false);
  expect(await insertCamera(knex, { id: 'a4', name: 'A4', folder_path: '/a' })).toBe(false);
  expect(await listCameras(knex)).toMatchObject([{ id: 'a', status: 'online', enabled: true, folders: [], recording: null }]);
});

test('a changed camera keeps what was not named; an unknown one is undefined', async () => {
  const { knex } = own;
  await insertCamera(knex, { id: 'b', name: 'B', folder_path: '/b', timezone: 'Europe/Berlin' });
  expect(await updateCamera(knex, 'b', { folders: ['/b2', '/b3'], clock_offset_s: -90 })).toMatchObject({
    timezone: 'Europe/Berlin',
    folders: ['/b2', '/b3'],
    clock_offset_s: -90,
  });
  expect(await updateCamera(knex, 'b', {})).toMatchObject({ id: 'b' });
  expect(await updateCamera(knex, 'none', { name: 'x' })).toBeUndefined();
  expect(await findCamera(knex, 'none')).toBeUndefined();
});

test('the newest footage of a camera only moves forward', async () => {
  const { knex } = own;
  await insertCamera(knex, { id: 'c', name: 'C', folder_path: '/c' });
  const seen = async (): Promise<number | undefined> => (await findCamera(knex, 'c'))?.last_seen_at?.getTime();
  expect(await seen()).toBeUndefined();
  for (const [ms, expected] of [
    [5000, 5000],
    [4000, 5000],
    [6001, 6001],
  ] as const) {
    await advanceLastSeen(knex, 'c', new Date(ms));
    expect(await seen()).toBe(expected);
  }
});

test.each([
  ['', 'empty'],
  ['a b', 'white space'],
  ['a/b', 'a slash'],
  ['é'.repeat(51), '102 octets'],
])('a camera id %j is refused by the database: %s', async (id) => {
  await expect(insertCamera(own.knex, { id, name: `name ${id}`, folder_path: `/x/${id}` })).rejects.toMatchObject({ code: '23514' });
});

test('two first properties at once share the household that is made for them', async () => {
  const { knex } = own;
  const [house, cabin] = await Promise.all([
    insertProperty(knex, { name: 'House' }),
    insertProperty(knex, { name: 'Cabin', timezone: 'Europe/Oslo' }),
  ]);
  expect(house.household_id).toBe(cabin.household_id);
  expect(await knex('households').pluck('name')).toEqual(['Home']);
  expect(await findPropertyByName(knex, 'Cabin')).toEqual(cabin);
  expect(await findPropertyByName(knex, 'cabin')).toBeUndefined();
});

test('jobs are listed by filter, order and limit', async () => {
  const { knex } = own;
  const ids = [uuidV7(), uuidV7(), uuidV7()];
  for (const [index, id] of ids.entries()) await insertJob(knex, { id, job_type: index === 1 ? 'export' : 'ingest', payload: [index] });
  const job = (await findJob(knex, ids[0]!))!;
  await knex.transaction(async (trx) => {
    const patch = cancelJob(job, await readDatabaseClock(trx));
    if (patch !== false) await saveJobMove(trx, { job, patch, by: 'user', metadata: { reason: 'test' } });
  });
  const list = async (options: Parameters<typeof listJobs>[1]): Promise<number[]> =>
    (await listJobs(knex, options)).map((row) => ids.indexOf(row.id));
  expect(await list({ sort: { column: 'job_type', order: 'asc' } })).toEqual([1, 0, 2]);
  expect(await list({ filters: { status: ['queued'] }, sort: { column: 'status', order: 'desc' } })).toEqual([2, 1]);
  expect(await list({ filters: { jobType: ['ingest'], status: ['cancelled'] } })).toEqual([0]);
  expect(await list({ filters: { jobType: [] } })).toEqual([]);
  expect(await list({ filters: { until: job.created_at } })).toEqual([]);
  expect(await list({ limit: 1, sort: { column: 'completed_at', order: 'desc' } })).toEqual([0]);
  expect((await findJob(knex, ids[1]!))?.payload).toEqual([1]);
});

test('progress moves a running job and no other', async () => {
  const { knex } = own;
  const job = await insertJob(knex, { id: uuidV7(), job_type: 'progress' });
  await saveJobProgress(knex, job.id, { progress_percent: 10 });
  expect(await findJob(knex, job.id)).toMatchObject({ progress_percent: 0 });
  await knex.transaction(async (trx) => saveJobMove(trx, { job, patch: startJob(job, await readDatabaseClock(trx)), by: 'worker' }));
  await saveJobProgress(knex, job.id, { progress_percent: 10, current_step: 'decoding' });
  expect(await findJob(knex, job.id)).toMatchObject({ progress_percent: 10, current_step: 'decoding' });
});

test('a job created and started within one millisecond keeps its order of times', async () => {
  for (let round = 0; round < 30; round++) {
    await own.knex.transaction(async (trx) => {
      const job = await insertJob(trx, { id: uuidV7(), job_type: 'order' });
      await saveJobMove(trx, { job, patch: startJob(job, await readDatabaseClock(trx)), by: 'worker' });
    });
  }
});

test('every change of status leaves one transition and creation none (schema §9)', async () => {
  const { knex } = own;
  let job = await insertJob(knex, { id: uuidV7(), job_type: 'moves' });
  expect(await listTransitions(knex, job.id)).toEqual([]);
  const now = await readDatabaseClock(knex);
  const moves = [
    [() => startJob(job, now), 'worker', undefined],
    [() => updateProgress(job, 50, 'half'), 'worker', undefined],
    [() => failJob(job, now, { message: 'disk full' }), 'timeout', { reason: 'late' }],
    [() => prepareRetry(job), 'retry', undefined],
    [() => cancelJob(job, now), 'user', undefined],
  ] as const;
  for (const [move, by, metadata] of moves) {
    const patch = move();
    expect(patch).not.toBe(false);
    if (patch !== false) job = await knex.transaction((trx) => saveJobMove(trx, { job, patch, by, metadata }));
  }
  expect(job).toMatchObject({
    status: 'cancelled',
    attempt_number: 2,
    progress_percent: 0,
    error_message: 'Job cancelled by user request',
  });
  const transitions = await listTransitions(knex, job.id);
  expect(transitions.map((row) => [row.from_status, row.to_status, row.triggered_by, row.metadata_json])).toEqual([
    ['queued', 'running', 'worker', null],
    ['running', 'failed', 'timeout', '{"reason":"late"}'],
    ['failed', 'queued', 'retry', null],
    ['queued', 'cancelled', 'user', null],
  ]);
});

test('a change of status whose transaction fails leaves no transition', async () => {
  const { knex } = own;
  const job = await insertJob(knex, { id: uuidV7(), job_type: 'moves' });
  const failing = knex.transaction(async (trx) => {
    await saveJobMove(trx, { job, patch: startJob(job, await readDatabaseClock(trx)), by: 'worker' });
    throw new Error('the work before it failed');
  });
  await expect(failing).rejects.toThrow('the work before it failed');
  expect(await listTransitions(knex, job.id)).toEqual([]);
  expect(await findJob(knex, job.id)).toMatchObject({ status: 'queued', started_at: null });
});

test('an attempt is closed once', async () => {
  const { knex } = own;
  const job = await insertJob(knex, { id: uuidV7(), job_type: 'attempt' });
  await insertJobAttempt(knex, { jobId: job.id, attemptNumber: 1, workerId: 'w' });
  const open = (await listJobAttempts(knex, job.id))[0]!;
  expect([open.status, attemptDurationSeconds(open)]).toEqual(['started', null]);
  await endJobAttempt(knex, { jobId: job.id, attemptNumber: 1, status: 'succeeded', result: [1] });
  await endJobAttempt(knex, { jobId: job.id, attemptNumber: 1, status: 'failed', error: { message: 'late' } });
  const closed = (await listJobAttempts(knex, job.id))[0]!;
  expect(closed).toMatchObject({ status: 'succeeded', result: [1], error_message: null });
  expect(attemptDurationSeconds(closed)).toBeGreaterThanOrEqual(0);
});

test('log lines of a job come back in their order, the newest ones when limited', async () => {
  const { knex } = own;
  const job = await insertJob(knex, { id: uuidV7(), job_type: 'logs' });
  await insertJobLogs(knex, []);
  const lines = Array.from({ length: 1200 }, (_, index) => ({
    job_id: job.id,
    attempt_number: 1,
    level: index % 2 === 0 ? ('info' as const) : ('warning' as const),
    message: `line ${index}`,
    timestamp: new Date(1000 + index),
  }));
  await insertJobLogs(knex, lines);
  const all = await listJobLogs(knex, { jobId: job.id });
  expect(all.map((line) => line.message)).toEqual(lines.map((line) => line.message));
  const last = await listJobLogs(knex, { jobId: job.id, levels: ['warning'], limit: 2 });
  expect(last.map((line) => line.message)).toEqual(['line 1197', 'line 1199']);
});

test('text that PostgreSQL cannot store is made storable', async () => {
  const { knex } = own;
  const job = await insertJob(knex, { id: uuidV7(), job_type: 'nul' });
  await insertJobLogs(knex, [{ job_id: job.id, attempt_number: 1, level: 'info', message: 'a\0b', context: { path: '/x\0y' } }]);
  expect(await listJobLogs(knex, { jobId: job.id })).toMatchObject([{ message: 'ab', context: { path: '/xy' } }]);
  await insertLogs(knex, [
    { level: 'error', component: 'c'.repeat(80), message: 'a\0b', request_id: 'r'.repeat(50), camera_id: 'é'.repeat(120) },
  ]);
  expect(await knex('logs').first()).toMatchObject({ component: 'c'.repeat(50), message: 'ab', request_id: 'r'.repeat(36) });
});

test('an export goes from pending over running to completed, and no other way', async () => {
  const { knex } = own;
  const id = uuidV7();
  await exportJobs.insertExportJob(knex, { id, export_type: 'detections', export_format: 'csv', filters: { camera: ['a'] } });
  expect(await exportJobs.completeExportJob(knex, id, { outputPath: '/x', sizeBytes: 1, items: 1 })).toBe(false);
  expect(await exportJobs.saveExportProgress(knex, id, { processedItems: 1, percent: 1 })).toBe(false);
  expect(await exportJobs.startExportJob(knex, id, { totalItems: 10 })).toBe(true);
  expect(await exportJobs.startExportJob(knex, id)).toBe(false);
  await exportJobs.saveExportProgress(knex, id, { processedItems: 9, percent: 90, step: 'rows' });
  await exportJobs.saveExportProgress(knex, id, { processedItems: 9, percent: 50 });
  const running = (await exportJobs.findExportJob(knex, id))!;
  expect(running).toMatchObject({ progress_percent: 90, current_step: 'rows', total_items: 10 });
  expect([isRunning(running), isComplete(running)]).toEqual([true, false]);
  await exportJobs.saveExportProgress(knex, id, { processedItems: 10, percent: 250 });
  expect(await exportJobs.findExportJob(knex, id)).toMatchObject({ progress_percent: 99, status: 'running' });
  expect(await exportJobs.completeExportJob(knex, id, { outputPath: '/x.csv', sizeBytes: 2 ** 40, items: 10 })).toBe(true);
  expect(await exportJobs.failExportJob(knex, id, 'late')).toBe(false);
  const done = (await exportJobs.findExportJob(knex, id))!;
  expect(done).toMatchObject({ status: 'completed', progress_percent: 100, output_size_bytes: 2 ** 40, filter_params: '{"camera":["a"]}' });
  expect(isComplete(done)).toBe(true);
  expect(durationSeconds(done, new Date())).toBeGreaterThanOrEqual(0);
});

test('an export that never started can fail and has no duration', async () => {
  const { knex } = own;
  const id = uuidV7();
  await exportJobs.insertExportJob(knex, { id, export_type: 'events', export_format: 'json' });
  expect(await exportJobs.failExportJob(knex, id, 'cancelled')).toBe(true);
  const failed = (await exportJobs.findExportJob(knex, id))!;
  expect(failed).toMatchObject({ status: 'failed', error_message: 'cancelled', progress_percent: 0 });
  expect(durationSeconds(failed, new Date())).toBeNull();
});

test('another attempt at an export begins with a row as new', async () => {
  const { knex } = own;
  const order = { id: uuidV7(), export_type: 'events', export_format: 'json' } as const;
  await exportJobs.insertExportJob(knex, { ...order, filters: { level: ['high'] } });
  const { created_at, ...fresh } = (await exportJobs.findExportJob(knex, order.id))!;
  await exportJobs.startExportJob(knex, order.id, { totalItems: 9 });
  await exportJobs.saveExportProgress(knex, order.id, { processedItems: 4, percent: 40, step: 'rows', estimatedCompletion: new Date() });
  await exportJobs.failExportJob(knex, order.id, 'the disk was full');
  await exportJobs.insertExportJob(knex, { ...order, filters: { level: ['high'] } });
  expect(await exportJobs.findExportJob(knex, order.id)).toEqual({ ...fresh, created_at });
  expect(await exportJobs.startExportJob(knex, order.id)).toBe(true);
});

test('an audit entry goes with the transaction of the act it records', async () => {
  const { knex } = own;
  const entry = {
    action: 'camera_updated',
    resource_type: 'camera',
    resource_id: 'a',
    actor: 'x'.repeat(200),
    details: { old: 1 },
  } as const;
  await knex
    .transaction(async (trx) => {
      await insertAuditLog(trx, entry);
      throw new Error('the act failed');
    })
    .catch(() => undefined);
  expect(await listAuditLogs(knex)).toEqual([]);
  await insertAuditLog(knex, entry);
  expect(await listAuditLogs(knex, { limit: 1 })).toMatchObject([{ actor: 'x'.repeat(100), details: { old: 1 }, status: 'success' }]);
});
