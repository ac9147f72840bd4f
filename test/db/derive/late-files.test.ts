import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { lockEventReview, updateEventReview } from '../../../src/db/models/events.ts';
import { dumpStore } from '../../faults/stored-rows.ts';
import { createTestDatabase, type TestDatabase } from '../../helpers/database.ts';
import { seedCamera, seedRun } from '../answers/seed.ts';
import { CAMERA, clearFootage, derive, sighting, START_MS, storeFiles } from './synthetic-footage.ts';

const ANALYSED = {
  analysis_status: 'analyzed',
  risk_source: 'rules',
  risk_score: 42,
  risk_level: 'medium',
  analyzed_at: new Date('2026-01-15'),
};

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, CAMERA);
});

afterEach(() => clearFootage(db.knex));

afterAll(() => db.drop());

async function arrive(...seconds: number[]): ReturnType<typeof derive> {
  await storeFiles(
    db.knex,
    seconds.map((second) => sighting(second)),
  );
  return derive(db.knex);
}

async function nextEventId(id: number): Promise<void> {
  await db.knex.raw(`SELECT setval(pg_get_serial_sequence('events', 'id'), ?, false)`, [id]);
}

/** Each event as [id, first second, last second]. */
async function spans(): Promise<[number, number, number][]> {
  const rows = await db
    .knex('events')
    .orderBy('started_at')
    .select<{ id: number; started_at: Date; ended_at: Date }[]>('id', 'started_at', 'ended_at');
  const second = (at: Date): number => (at.getTime() - START_MS) / 1_000;
  return rows.map(({ id, started_at, ended_at }) => [id, second(started_at), second(ended_at)]);
}

/** 11 = 0…80, 12 = 100…180, 13 = 200. */
async function threeEvents(): Promise<void> {
  await nextEventId(11);
  await arrive(...Array.from({ length: 11 }, (_, index) => 20 * index));
  expect(await spans()).toEqual([
    [11, 0, 80],
    [12, 100, 180],
    [13, 200, 200],
  ]);
}

test('a late detection that moves all borders leaves every event its id (§6.3)', async () => {
  await threeEvents();
  await arrive(-25);
  expect(await spans()).toEqual([
    [11, -25, 60],
    [12, 80, 160],
    [13, 180, 200],
  ]);
});

test('a late detection that fits changes one event only (§6.3)', async () => {
  await threeEvents();
  await db.knex('events').update(ANALYSED);
  expect(await arrive(-10)).toMatchObject({ created: 0, changed: 1, absorbed: 0, deleted: 0 });
  expect(await spans()).toEqual([
    [11, -10, 80],
    [12, 100, 180],
    [13, 200, 200],
  ]);
  const rows = await db.knex('events').orderBy('id').select('analysis_status', 'sequence_id');
  expect(rows.map((row: { analysis_status: string }) => row.analysis_status)).toEqual(['pending', 'analyzed', 'analyzed']);
  expect(new Set(rows.map((row: { sequence_id: string }) => row.sequence_id)), 'all still belong together').toEqual(
    new Set(['gate-20260114T081450000Z']),
  );
});

/** 21 = {0, 10}, 22 = {45, 50}. */
async function twoEvents(): Promise<void> {
  await nextEventId(21);
  await arrive(0, 10, 45, 50);
  expect(await spans()).toEqual([
    [21, 0, 10],
    [22, 45, 50],
  ]);
}

test('a late detection that closes the pause joins two events; notes and flags of the absorbed one live on (§6.3)', async () => {
  await twoEvents();
  await db.knex('events').where({ id: 21 }).update({ notes: 'the postman', reviewed: true });
  await db.knex('events').where({ id: 22 }).update({ notes: 'rang twice', flagged: true });
  expect(await arrive(28)).toMatchObject({ absorbed: 1 });
  expect(await spans()).toEqual([[21, 0, 50]]);
  const [event] = await db.knex('events').select('notes', 'reviewed', 'flagged', 'detection_count', 'batch_id', 'sequence_id');
  expect(event).toEqual({
    notes: 'the postman\n[2026-01-14T08:15:45.000Z] rang twice',
    reviewed: false,
    flagged: true,
    detection_count: 5,
    batch_id: 'gate-20260114T081500000Z',
    sequence_id: 'gate-20260114T081500000Z',
  });
});

test('forming events again leaves review, flag, snooze and notes as they are, and the longer snooze outlives joining', async () => {
  await twoEvents();
  const [sooner, later] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];
  const review = { notes: 'the postman', reviewed: true, flagged: true, snooze_until: sooner };
  await db.knex('events').where({ id: 21 }).update(review);
  expect(await arrive(-5)).toMatchObject({ changed: 1 });
  const stored = () => db.knex('events').where({ id: 21 }).first('notes', 'reviewed', 'flagged', 'snooze_until', 'version');
  expect(await stored()).toEqual({ ...review, version: 2 });
  await db.knex('events').where({ id: 22 }).update({ reviewed: true, snooze_until: later });
  expect(await arrive(28)).toMatchObject({ absorbed: 1 });
  expect(await stored()).toMatchObject({ ...review, snooze_until: later });
});

test('a detector that runs again finds new detections, and the event keeps what people wrote', async () => {
  await twoEvents();
  const review = { notes: 'important', reviewed: true, flagged: true, snooze_until: new Date('2026-02-01T00:00:00Z') };
  await db.knex('events').where({ id: 22 }).update(review);
  await storeFiles(
    db.knex,
    [0, 10, 45, 50].map((second) => sighting(second)),
  );
  expect(await derive(db.knex)).toMatchObject({ created: 0, deleted: 0, orphaned: [] });
  expect(await db.knex('events').where({ id: 22 }).first('notes', 'reviewed', 'flagged', 'snooze_until')).toEqual(review);
});

const FEEDBACK = { feedback_type: 'correct', score_at_feedback: 42 };
const [EARLIER, LATER] = [new Date('2026-02-01T00:00:00Z'), new Date('2026-03-01T00:00:00Z')];

test.each([
  ['the absorbed one', [], [22], []],
  ['the one that stays', [21], [], []],
  ['both, the absorbed one later', [21], [22], ['[2026-02-01T00:00:00.000Z] feedback correct, score 42: yes']],
  ['both, the one that stays later', [22], [21], ['[2026-02-01T00:00:00.000Z] feedback correct, score 42: yes']],
])('of two joined events with feedback on %s the newest stays, an older one becomes a note (§6.3)', async (_, earlier, later, notes) => {
  await twoEvents();
  for (const id of earlier) await db.knex('event_feedback').insert({ ...FEEDBACK, event_id: id, notes: 'yes', created_at: EARLIER });
  for (const id of later) await db.knex('event_feedback').insert({ ...FEEDBACK, event_id: id, notes: 'no', created_at: LATER });
  expect(await arrive(28)).toMatchObject({ absorbed: 1 });
  const kept = later.length > 0 ? { notes: 'no', created_at: LATER } : { notes: 'yes', created_at: EARLIER };
  expect(await db.knex('event_feedback').select('event_id', 'notes', 'created_at')).toEqual([{ event_id: 21, ...kept }]);
  expect(await db.knex('events').select('id', 'notes')).toEqual([{ id: 21, notes: notes[0] ?? null }]);
  const counted = notes.length > 0 ? [{ user_id: 'local', correct_count: 1 }] : [];
  expect(await db.knex('user_calibration').select('user_id', 'correct_count')).toEqual(counted);
  await db.knex('user_calibration').delete();
});

test('an event with feedback stays when it loses all detections (§6.3)', async () => {
  await twoEvents();
  await db.knex('event_feedback').insert({ ...FEEDBACK, event_id: 22 });
  await storeFiles(
    db.knex,
    [0, 10, 45, 50].map((second) => ({ ...sighting(second), detections: [] })),
  );
  expect(await derive(db.knex)).toMatchObject({ deleted: 1, orphaned: [22] });
  expect(await db.knex('event_feedback').pluck('event_id')).toEqual([22]);
});

const HELD = { reason: 'case', actor: 'tester', created_at: new Date('2026-01-01T00:00:00Z') };

test('an event that is held as evidence stays when it loses all detections', async () => {
  await twoEvents();
  await db.knex('evidence_holds').insert({ ...HELD, event_id: 22 });
  await storeFiles(
    db.knex,
    [0, 10, 45, 50].map((second) => ({ ...sighting(second), detections: [] })),
  );
  expect(await derive(db.knex)).toMatchObject({ deleted: 1, orphaned: [22] });
  expect(await db.knex('evidence_holds').pluck('event_id')).toEqual([22]);
});

const SOON = new Date('2090-01-01T00:00:00Z');
const LATE = new Date('2091-01-01T00:00:00Z');

test.each([
  ['the absorbed one alone', undefined, SOON, SOON, 1],
  ['the one that stays alone', SOON, undefined, SOON, 1],
  ['both, the absorbed one longer', SOON, LATE, LATE, 2],
  ['both, the absorbed one without end', SOON, null, null, 2],
  ['both, the one that stays without end', null, LATE, null, 2],
])('of joined events a hold on %s lives on', async (_, stays, absorbed, expected, count) => {
  await twoEvents();
  if (stays !== undefined) await db.knex('evidence_holds').insert({ ...HELD, event_id: 21, held_until: stays });
  if (absorbed !== undefined) await db.knex('evidence_holds').insert({ ...HELD, event_id: 22, held_until: absorbed });
  expect(await arrive(28)).toMatchObject({ absorbed: 1 });
  expect(await db.knex('evidence_holds').where({ released_at: null }).select('event_id', 'held_until')).toEqual([
    { event_id: 21, held_until: expected },
  ]);
  expect(await db.knex('evidence_holds').where({ event_id: 21 }).pluck('reason')).toHaveLength(count);
});

test('a note written while its event is being absorbed is not lost with it', async () => {
  await twoEvents();
  const writing = await db.knex.transaction();
  await lockEventReview(writing, 22);
  const joining = arrive(28);
  const waiting = () => db.knex('pg_stat_activity').whereRaw('datname = current_database()').where({ wait_event_type: 'Lock' });
  await expect.poll(async () => (await waiting()).length, { timeout: 30_000 }).toBe(1);
  expect(await updateEventReview(writing, { id: 22, version: 1, patch: { notes: 'rang twice' } })).toBe(2);
  await writing.commit();
  expect(await joining).toMatchObject({ absorbed: 1 });
  expect(await db.knex('events').select('id', 'notes')).toEqual([{ id: 21, notes: '[2026-01-14T08:15:45.000Z] rang twice' }]);
});

test('an event that loses all detections goes, unless somebody wrote something about it: then it stays, empty, and is named', async () => {
  await twoEvents();
  await db.knex('events').where({ id: 22 }).update({ notes: 'important' });
  await storeFiles(
    db.knex,
    [0, 10, 45, 50].map((second) => ({ ...sighting(second), detections: [] })),
  );
  expect(await derive(db.knex)).toMatchObject({ deleted: 1, orphaned: [22] });
  expect(await db.knex('events').select('id', 'notes', 'detection_count', 'detection_ids')).toEqual([
    { id: 22, notes: 'important', detection_count: 0, detection_ids: '[]' },
  ]);
  expect(await db.knex('tracks')).toEqual([]);
});

test('new detections make an analysed event wait for analysis again, its score stays', async () => {
  await twoEvents();
  await db.knex('events').update(ANALYSED);
  await arrive(60);
  expect(await db.knex('events').orderBy('id').select('id', 'analysis_status', 'risk_score')).toEqual([
    { id: 21, analysis_status: 'analyzed', risk_score: 42 },
    { id: 22, analysis_status: 'pending', risk_score: 42 },
  ]);
});

test('grouping again changes nothing (§6.3)', async () => {
  await threeEvents();
  const before = await dumpStore(db.knex);
  await db.knex('media_files').update({ derive_from: db.knex.ref('captured_at'), derive_until: db.knex.ref('ended_at') });
  await derive(db.knex);
  expect(await dumpStore(db.knex)).toEqual(before);
});

test('a detection that comes late and far from all others stands alone', async () => {
  await twoEvents();
  await arrive(500);
  expect(await spans()).toHaveLength(3);
});

test('alerts follow events that begin earlier, and go over to the one that absorbs theirs (§6.3)', async () => {
  await nextEventId(21);
  await arrive(0, 10, 45, 50);
  const ruleId = '0192f0c0-0000-7000-8000-0000000000aa';
  await db.knex('alert_rules').insert({ id: ruleId, name: 'any', cooldown_seconds: 0 });
  const at = (seconds: number): Date => new Date(START_MS + seconds * 1000);
  const told = { rule_id: ruleId, dedup_key: 'k', status: 'delivered', delivered_at: new Date() };
  await db.knex('alerts').insert({ ...told, event_id: 22, occurred_at: at(45) });
  expect(await arrive(28)).toMatchObject({ absorbed: 1 });
  expect(await db.knex('alerts').select('event_id', 'occurred_at', 'status', 'rule_id')).toEqual([
    { event_id: 21, occurred_at: at(0), status: 'delivered', rule_id: ruleId },
  ]);
  await arrive(-20);
  expect(await db.knex('alerts').select('event_id', 'occurred_at')).toEqual([{ event_id: 21, occurred_at: at(-20) }]);
  await db.knex('alert_rules').delete();
});

test('footage that is looked at once more while it is derived ends in events of the new detections', async () => {
  await storeFiles(db.knex, [sighting(0), sighting(20)]);
  let derived: ReturnType<typeof derive> | undefined;
  await db.knex.transaction(async (trx) => {
    // Detections are read, tracks cannot be written yet.
    await trx.raw('LOCK TABLE tracks IN SHARE MODE');
    derived = derive(db.knex);
    const waiting = async (): Promise<number> =>
      (await trx('pg_locks').where({ granted: false, relation: trx.raw("'tracks'::regclass") })).length;
    await expect.poll(waiting, { interval: 20, timeout: 20_000 }).toBeGreaterThan(0);
    // A connection of its own: it is over before the events are written.
    const [old] = await db
      .knex('detections')
      .where({ detected_at: new Date(START_MS) })
      .delete()
      .returning<object[]>('*');
    await db.knex.raw('INSERT INTO detections OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(NULL::detections, ?)).*', [
      JSON.stringify({ ...old, id: 1_000_000 }),
    ]);
    await db.knex('media_files').update({ derive_from: db.knex.ref('derive_from') });
  });
  expect(await derived).toMatchObject({ created: 1 });
  expect(await spans()).toMatchObject([[expect.any(Number), 0, 20]]);
  const linked = await db.knex('event_detections').orderBy('detected_at').pluck('detection_id');
  expect(linked).toEqual(await db.knex('detections').orderBy('detected_at').pluck('id'));
  expect(await db.knex('media_files').whereNotNull('derive_from')).toEqual([]);
});
