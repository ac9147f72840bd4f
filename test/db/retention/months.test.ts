import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { dropMonth } from '../../../src/db/drop-month.ts';
import { lockRun, lockWorker, openLockSession } from '../../../src/db/locks.ts';
import { listDetectionPartitions } from '../../../src/db/queries/partitions.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { InterruptedError } from '../../../src/errors/interrupted-error.ts';
import { createContentLock } from '../../../src/jobs/worker/content-lock.ts';
import { pruneAsJob, type PruneAsJobOptions } from '../../../src/jobs/prune-as-job.ts';
import { holdEvents, releaseEvents, type HoldOptions } from '../../../src/services/evidence/hold-events.ts';
import { listEvidenceHolds } from '../../../src/services/evidence/list-holds.ts';
import { findLimits } from '../../../src/services/retention/find-limits.ts';
import { parseAge } from '../../../src/services/retention/parse-age.ts';
import { planMonths, type PlannedMonth } from '../../../src/services/retention/plan-months.ts';
import { previewPrune, prune, type PruneOptions } from '../../../src/services/retention/prune.ts';
import { KEEP, pruneOptions, removedOf } from './seed-ages.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../answers/seed.ts';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
});

afterEach(async () => {
  await db.knex('cameras').delete();
  await db.knex('audit_logs').delete();
  await db.knex('entities').delete();
  for (const { name } of await listDetectionPartitions(db.knex)) await dropMonth(db.knex, name, () => Promise.resolve());
});

afterAll(() => db.drop());

async function seedMonth(camera: string, at: string): Promise<{ id: number; detected_at: Date }> {
  return seedDetection(db.knex, { fileId: await seedFile(db.knex, { camera, at }), camera, at });
}

async function monthsLeft(): Promise<string[]> {
  return (await listDetectionPartitions(db.knex)).map(({ name }) => name.slice(-8));
}

async function months(olderThan = '30d'): Promise<[string, PlannedMonth['isWhole']][]> {
  const { footage } = await findLimits(db.knex, { settings: KEEP, olderThan, kinds: [] });
  return (await planMonths(db.knex, footage)).map(({ month, isWhole }) => [month, isWhole]);
}

const footage = (more: Partial<PruneOptions> = {}): PruneOptions => pruneOptions({ kinds: ['footage'], ...more });

test('a month goes as a whole only when all its cameras have outlived it', async () => {
  await seedCamera(db.knex, 'gate');
  await seedCamera(db.knex, 'shed');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('shed', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-02-10T00:00:00Z');
  await seedMonth('gate', '2026-06-01T00:00:00Z');
  expect(await months()).toEqual([
    ['2026-01', false],
    ['2026-02', true],
  ]);
  expect(removedOf(await prune(db.knex, footage()))).toMatchObject({ detections: 2 });
  expect(await monthsLeft()).toEqual(['y2026m01', 'y2026m06']);
  await seedMonth('shed', '2026-03-03T00:00:00Z');
  expect(await months()).toEqual([['2026-01', true]]);
});

test.each([
  ['a millisecond too young', '2026-03-02T23:59:49.999Z', []],
  ['over age', '2026-03-02T23:59:50.000Z', [['2026-01', true]]],
])('a detection is %s', async (_, newest, expected) => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-31T23:59:59.999Z');
  await seedMonth('gate', newest); // a clip of 10 s
  expect(await months()).toEqual(expected);
});

test('without anything to do nothing is done, and a preview changes nothing', async () => {
  expect(await months()).toEqual([]);
  await seedCamera(db.knex, 'gate');
  expect(await months()).toEqual([]);
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const { months: whole, tables } = await previewPrune(db.knex, footage());
  expect([whole, tables.map(({ table, goes, removed }) => [table, goes, removed])]).toEqual([
    ['2026-01'],
    [
      ['events', 0, null],
      ['tracks', 0, null],
      ['detections', 1, null],
      ['scene_checks', 0, null],
      ['clips', 0, null],
    ],
  ]);
  expect(await monthsLeft()).toEqual(['y2026m01', 'y2026m06']);
  expect(await db.knex('audit_logs')).toEqual([]);
});

test('within a month only what is over age goes', async () => {
  await seedCamera(db.knex, 'gate');
  const gone = await seedMonth('gate', '2026-05-10T00:00:00Z');
  const left = [await seedMonth('gate', '2026-05-12T00:00:00Z'), await seedMonth('gate', '2026-06-10T00:00:00Z')];
  await db.knex('pose_results').insert({ detection_id: gone.id, detected_at: gone.detected_at });
  expect(removedOf(await prune(db.knex, footage({ force: false })))).toEqual({ detections: 1 });
  expect(await db.knex('detections').orderBy('id').pluck('id')).toEqual(left.map(({ id }) => id));
  expect(await db.knex('pose_results')).toEqual([]);
});

test.each([
  ['2025-11-10', 'more than half of all detections goes only by force', 2],
  ['2026-06-09', 'half of them goes', 0],
])('%s: %s', async (second, _, exitCode) => {
  await seedCamera(db.knex, 'gate');
  for (const at of [second, '2026-01-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  const done = prune(db.knex, footage({ force: false }));
  if (exitCode === 0) expect(removedOf(await done)).toEqual({ detections: 1 });
  else
    await expect(done).rejects.toMatchObject({ exitCode, code: 'prune_too_much', message: expect.stringContaining('2 of 3 detections') });
  expect(await db.knex('detections')).toHaveLength(exitCode === 0 ? 2 : 3);
});

const job = (more: Partial<PruneAsJobOptions> = {}): PruneAsJobOptions => {
  const record = { command: 'prune', args: {}, version: '0', settingsFingerprint: 'x', logLevel: 'info' } as const;
  const signal = new AbortController().signal;
  return { ...footage(), job: { ...record, database: db.database, signal }, lockWaitMs: 0, ...more };
};

test('refuses while a run writes, and keeps writers out meanwhile', async () => {
  await seedCamera(db.knex, 'gate');
  const session = await openLockSession(db.database);
  await lockRun(session, uuidV7());
  await expect(pruneAsJob(job())).rejects.toMatchObject({ exitCode: 11 });
  await expect(previewPrune(db.knex, footage())).resolves.toMatchObject({ months: [] });
  await session.close();
  expect(await pruneAsJob(job())).toMatchObject({ exitCode: 0 });
  expect(await db.knex('jobs').select('job_type', 'status')).toEqual([{ job_type: 'retention', status: 'completed' }]);
});

test('a worker that waits for work is no hindrance, one at work of its own is', async () => {
  const session = await openLockSession(db.database);
  await lockWorker(session, uuidV7());
  const content = createContentLock(session, new Map());
  expect(await pruneAsJob(job())).toMatchObject({ exitCode: 0 });
  expect(await content.admits('detect')).toBe(true);
  await expect(pruneAsJob(job())).rejects.toMatchObject({ exitCode: 11 });
  await content.giveBack();
  expect(await pruneAsJob(job())).toMatchObject({ exitCode: 0 });
  await session.close();
});

test('two at once: the second waits, and finds nothing left', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-04-28', '2026-05-30', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  const outcomes = await Promise.all([pruneAsJob(job({ lockWaitMs: 60_000 })), pruneAsJob(job({ lockWaitMs: 60_000 }))]);
  expect(outcomes.map((outcome) => removedOf(outcome)['detections'] ?? 0).sort()).toEqual([0, 2]);
  expect(await db.knex('audit_logs')).toHaveLength(1);
});

test('a stop request leaves what was not begun, and says so', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  const outcome = await prune(db.knex, footage({ signal: AbortSignal.abort() }));
  expect([removedOf(outcome), outcome.stopped]).toEqual([{}, true]);
  expect(await monthsLeft()).toHaveLength(2);
});

test('a signal ends the job at the next safe point with its own exit code, and the next one goes on', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2025-12-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  const stop = new AbortController();
  const onProgress = (): void => {
    stop.abort(new InterruptedError('SIGINT'));
  };
  const stopped = { ...job(), onProgress, job: { ...job().job, signal: stop.signal } };
  expect(await pruneAsJob(stopped)).toMatchObject({ exitCode: 130, months: ['2025-11'], stopped: true });
  expect(await db.knex('jobs').orderBy('created_at', 'desc').first('status')).toEqual({ status: 'cancelled' });
  expect(await pruneAsJob(job())).toMatchObject({ exitCode: 0, months: ['2025-12'] });
});

test('without a camera, too, only an age is taken for one', async () => {
  await expect(previewPrune(db.knex, footage({ olderThan: 'never' }))).rejects.toMatchObject({ exitCode: 2 });
});

test.each(['', '0d', '30', '-1d', '1.5d', '30x', '2026-02-30', '2026', '1e9d', '999999d', 'd', ' '])('%j is no age', (text) => {
  expect(() => parseAge(text)).toThrow(expect.objectContaining({ exitCode: 2 }));
});

test('a day is a limit for all cameras, and an empty month before it goes too', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2025-12-31T00:00:00Z');
  await seedMonth('gate', '2026-01-31T00:00:00Z');
  await db.knex('media_files').where('captured_at', '<', '2026-01-01').delete();
  expect((await prune(db.knex, footage({ olderThan: '2026-01-01' }))).months).toEqual(['2025-12']);
  expect(await monthsLeft()).toEqual(['y2026m01']);
});

test('never means never, and other kinds than those asked for stay', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  await db.knex('logs').insert({ timestamp: '2020-01-01', level: 'info', component: 'x', message: 'x' });
  expect(removedOf(await prune(db.knex, pruneOptions({ settings: { ...KEEP, footage: 'never', logs: 'never' } })))).toEqual({});
  expect(removedOf(await prune(db.knex, pruneOptions({ kinds: ['logs'] })))).toEqual({ logs: 1 });
  expect(await monthsLeft()).toHaveLength(2);
});

const hold = (ids: number[], more: Partial<HoldOptions> = {}) =>
  holdEvents(db.knex, { ids, reason: 'case 7', until: undefined, actor: 'tester', dryRun: false, ...more });

async function seedHeldMonth(): Promise<number> {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const event = await seedEvent(db.knex, { camera: 'gate', members: [one] });
  await hold([event]);
  return event;
}

test('an event that is held stays with its detections, until it is released', async () => {
  const event = await seedHeldMonth();
  expect(removedOf(await prune(db.knex, footage()))).toEqual({});
  expect(await listEvidenceHolds(db.knex, { all: false })).toMatchObject([{ event_id: event, reason: 'case 7', released_at: null }]);
  await releaseEvents(db.knex, { ids: [event], actor: 'other', dryRun: false });
  expect(await listEvidenceHolds(db.knex, { all: false })).toEqual([]);
  expect(await listEvidenceHolds(db.knex, { all: true })).toMatchObject([{ event_id: event, released_by: 'other' }]);
  const audits = await db.knex('audit_logs').where({ resource_type: 'evidence_hold' }).orderBy('id');
  expect(audits).toMatchObject([
    { actor: 'tester', resource_id: String(event), details: { hold: 'held', reason: 'case 7' } },
    { actor: 'other', resource_id: String(event), details: { hold: 'released' } },
  ]);
  expect(await prune(db.knex, footage())).toMatchObject({ months: ['2026-01'] });
  expect(await db.knex('events')).toEqual([]);
});

test('an event that is held at the moment when it would go stays', async () => {
  await seedCamera(db.knex, 'gate');
  const members = [await seedMonth('gate', '2026-01-10T00:00:00Z')];
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const event = await seedEvent(db.knex, { camera: 'gate', members });
  const holding = await db.knex.transaction();
  await holding('events').where({ id: event }).forUpdate();
  await holding('evidence_holds').insert({ event_id: event, reason: 'claim', actor: 'tester' });
  const pruned = prune(db.knex, footage());
  await Promise.race([pruned, untilLockIsWaitedFor()]);
  await holding.commit();
  expect(removedOf(await pruned)).toEqual({});
  expect(await db.knex('event_detections').pluck('event_id')).toEqual([event]);
});

/** Or for ten seconds: what the test asks is what is left in the end. */
async function untilLockIsWaitedFor(): Promise<void> {
  const waiting = db.knex('pg_stat_activity').whereRaw(`datname = current_database() AND wait_event_type = 'Lock'`);
  for (let tries = 0; tries < 500 && (await waiting.clone().select('pid')).length === 0; tries += 1) await sleep(20);
}

test('a hold whose time is over keeps nothing, and the event can be held anew', async () => {
  const event = await seedHeldMonth();
  await db.knex('evidence_holds').update({ created_at: '2026-01-01T00:00:00Z', held_until: '2026-01-02T00:00:00Z' });
  expect(await months()).toEqual([['2026-01', true]]);
  await hold([event]);
  expect(await months()).toEqual([['2026-01', false]]);
});

test('events are held all or none', async () => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  const two = await seedMonth('gate', '2026-06-10T00:00:00Z');
  const first = await seedEvent(db.knex, { camera: 'gate', members: [one] });
  const second = await seedEvent(db.knex, { camera: 'gate', members: [two] });
  await expect(hold([first], { reason: ' ' })).rejects.toMatchObject({ exitCode: 2 });
  await expect(hold([first], { until: new Date(0) })).rejects.toMatchObject({ exitCode: 2 });
  await expect(hold([first, 999_999])).rejects.toMatchObject({ code: 'event_unknown' });
  await expect(releaseEvents(db.knex, { ids: [first], actor: 'tester', dryRun: false })).rejects.toMatchObject({ code: 'event_not_held' });
  await hold([second]);
  await expect(hold([first, second])).rejects.toMatchObject({ code: 'event_held' });
  expect(await hold([first], { dryRun: true })).toHaveLength(1);
  expect(await listEvidenceHolds(db.knex, { all: true })).toMatchObject([{ event_id: second }]);
});
