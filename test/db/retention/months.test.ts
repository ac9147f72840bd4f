import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { dropMonth } from '../../src/db/drop-month.ts';
import { lockRun, openLockSession } from '../../src/db/locks.ts';
import { listDetectionPartitions } from '../../src/db/queries/partitions.ts';
import { uuidV7 } from '../../src/db/uuid-v7.ts';
import { dropExpiredMonths, type PruneOptions } from '../../src/services/retention/drop-expired-months.ts';
import { holdEvents, releaseEvents, type HoldOptions } from '../../src/services/evidence/hold-events.ts';
import { listEvidenceHolds } from '../../src/services/evidence/list-holds.ts';
import { findExpiredMonths } from '../../src/services/retention/find-expired-months.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from './answers/seed.ts';

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

const options = (more: Partial<PruneOptions> = {}): PruneOptions => ({
  olderThan: '30d',
  apply: true,
  force: true,
  actor: 'tester',
  signal: new AbortController().signal,
  ...more,
});

async function monthsLeft(): Promise<string[]> {
  return (await listDetectionPartitions(db.knex)).map(({ name }) => name.slice(-8));
}

test('a month is over age only when all its cameras have outlived it', async () => {
  await seedCamera(db.knex, 'gate');
  await seedCamera(db.knex, 'shed');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('shed', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-02-10T00:00:00Z');
  await seedMonth('gate', '2026-06-01T00:00:00Z');
  const limit = { ageMs: 30 * 86_400_000 };
  expect((await findExpiredMonths(db.knex, limit)).map(({ month, cameras }) => [month, cameras])).toEqual([['2026-02', ['gate']]]);
  await seedMonth('shed', '2026-03-03T00:00:00Z');
  expect((await findExpiredMonths(db.knex, limit)).map(({ month, cameras }) => [month, cameras])).toEqual([
    ['2026-01', ['gate', 'shed']],
    ['2026-02', ['gate']],
  ]);
});

test.each([
  ['the last moment of the month is a millisecond too young', '2026-03-02T23:59:49.999Z', []],
  ['the month ended exactly that long ago', '2026-03-02T23:59:50.000Z', ['2026-01']],
])('%s', async (_, newest, expected) => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-31T23:59:59.999Z');
  await seedMonth('gate', newest); // a clip of 10 s
  expect((await findExpiredMonths(db.knex, { ageMs: 30 * 86_400_000 })).map(({ month }) => month)).toEqual(expected);
});

test('without --apply everything is said and nothing is done', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const months = await dropExpiredMonths(db.database, options({ apply: false, force: false }));
  expect(months).toMatchObject([{ month: '2026-01', outcome: 'would go', detections: 1, cameras: ['gate'], child_rows: null }]);
  expect(await monthsLeft()).toEqual(['y2026m01', 'y2026m06']);
  expect(await db.knex('audit_logs')).toEqual([]);
});

test('drops what is over age and records it, month by month', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-01-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  const months = await dropExpiredMonths(db.database, options());
  expect(months.map(({ month, outcome }) => [month, outcome])).toEqual([
    ['2025-11', 'dropped'],
    ['2026-01', 'dropped'],
  ]);
  expect(await monthsLeft()).toEqual(['y2026m06']);
  const rows = await db.knex('audit_logs').orderBy('id');
  expect(rows).toMatchObject([
    { action: 'cleanup_executed', resource_type: 'detections', resource_id: 'detections_y2025m11', actor: 'tester' },
    { action: 'cleanup_executed', resource_id: 'detections_y2026m01', details: { older_than: '30d', detections: 1 } },
  ]);
});

test.each([
  ['notes', { notes: 'mine' }],
  ['a flag', { flagged: true }],
])('a month stays for an event with %s', async (_, more) => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  await seedEvent(db.knex, { camera: 'gate', members: [one], more });
  expect(await dropExpiredMonths(db.database, options())).toMatchObject([{ month: '2026-01', outcome: 'kept', kept_events: 1 }]);
  expect(await monthsLeft()).toEqual(['y2026m01', 'y2026m06']);
});

test('a month stays for an event whose user says that a threat was missed', async () => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const event = await seedEvent(db.knex, { camera: 'gate', members: [one] });
  await db.knex('event_feedback').insert({ event_id: event, feedback_type: 'missed_threat' });
  expect(await dropExpiredMonths(db.database, options())).toMatchObject([{ outcome: 'kept' }]);
});

test('more than half of all detections goes only by force', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-01-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  await expect(dropExpiredMonths(db.database, options({ force: false }))).rejects.toMatchObject({ exitCode: 2, code: 'prune_too_much' });
  expect(await monthsLeft()).toHaveLength(3);
});

test('refuses while a run writes', async () => {
  await seedCamera(db.knex, 'gate');
  const session = await openLockSession(db.database);
  await lockRun(session, uuidV7());
  await expect(dropExpiredMonths(db.database, options())).rejects.toMatchObject({ exitCode: 11 });
  await expect(dropExpiredMonths(db.database, options({ apply: false }))).resolves.toEqual([]);
  await session.close();
});

test('a stop request leaves the months that were not begun', async () => {
  await seedCamera(db.knex, 'gate');
  for (const at of ['2025-11-10', '2026-06-10']) await seedMonth('gate', `${at}T00:00:00Z`);
  expect(await dropExpiredMonths(db.database, options({ signal: AbortSignal.abort() }))).toMatchObject([{ outcome: 'left' }]);
  expect(await monthsLeft()).toHaveLength(2);
});

test.each(['', '0d', '30', '-1d', '1.5d', '30x', '2026-02-30', '2026', '1e9d', '999999d', 'd', ' '])(
  '--older-than %j is refused',
  async (olderThan) => {
    await expect(dropExpiredMonths(db.database, options({ olderThan }))).rejects.toMatchObject({ exitCode: 2 });
  },
);

test('a day is a limit for all cameras, and an empty month before it goes too', async () => {
  await seedCamera(db.knex, 'gate');
  await seedMonth('gate', '2025-12-31T00:00:00Z');
  await seedMonth('gate', '2026-01-31T00:00:00Z');
  await db.knex('media_files').where('captured_at', '<', '2026-01-01').delete();
  const months = await dropExpiredMonths(db.database, options({ olderThan: '2026-01-01' }));
  expect(months).toMatchObject([{ month: '2025-12', detections: 0, cameras: [], outcome: 'dropped' }]);
});

const hold = (ids: number[], more: Partial<HoldOptions> = {}) =>
  holdEvents(db.knex, { ids, reason: 'case 7', until: undefined, actor: 'tester', dryRun: false, ...more });

test('a month stays for an event that is held, until it is released', async () => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const event = await seedEvent(db.knex, { camera: 'gate', members: [one] });
  await hold([event]);
  expect(await dropExpiredMonths(db.database, options())).toMatchObject([{ outcome: 'kept', kept_events: 1 }]);
  expect(await listEvidenceHolds(db.knex, { all: false })).toMatchObject([{ event_id: event, reason: 'case 7', released_at: null }]);
  await releaseEvents(db.knex, { ids: [event], actor: 'other', dryRun: false });
  expect(await listEvidenceHolds(db.knex, { all: false })).toEqual([]);
  expect(await listEvidenceHolds(db.knex, { all: true })).toMatchObject([{ event_id: event, released_by: 'other' }]);
  expect(await dropExpiredMonths(db.database, options())).toMatchObject([{ outcome: 'dropped' }]);
  const audits = await db.knex('audit_logs').where({ resource_type: 'evidence_hold' }).orderBy('id');
  expect(audits).toMatchObject([
    { actor: 'tester', resource_id: String(event), details: { hold: 'held', reason: 'case 7' } },
    { actor: 'other', resource_id: String(event), details: { hold: 'released' } },
  ]);
});

test('a hold whose time is over keeps nothing, and the event can be held anew', async () => {
  await seedCamera(db.knex, 'gate');
  const one = await seedMonth('gate', '2026-01-10T00:00:00Z');
  await seedMonth('gate', '2026-06-10T00:00:00Z');
  const event = await seedEvent(db.knex, { camera: 'gate', members: [one] });
  await hold([event], { until: new Date(Date.now() + 60_000) });
  await db.knex('evidence_holds').update({ created_at: '2026-01-01T00:00:00Z', held_until: '2026-01-02T00:00:00Z' });
  expect(await dropExpiredMonths(db.database, options({ apply: false }))).toMatchObject([{ outcome: 'would go' }]);
  await hold([event]);
  expect(await dropExpiredMonths(db.database, options())).toMatchObject([{ outcome: 'kept' }]);
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
