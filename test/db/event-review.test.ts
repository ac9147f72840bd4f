import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { lockEventReview, updateEventReview } from '../../src/db/models/events.ts';
import { markEvents } from '../../src/services/events/mark-events.ts';
import { noteEvent } from '../../src/services/events/note-event.ts';
import { showEvent } from '../../src/services/events/show-event.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { seedCamera, seedEvent } from './answers/seed.ts';

const ALONE = { actor: 'anna', dryRun: false };

let db: TestDatabase;
let id: number;

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate');
});

beforeEach(async () => {
  await db.knex('events').delete();
  await db.knex('audit_logs').delete();
  id = await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-10T20:00:00Z' });
});

afterAll(() => db.drop());

const stored = async (): Promise<object> =>
  db.knex('events').where({ id }).first('notes', 'reviewed', 'flagged', 'snooze_until', 'version');
const audit = async (): Promise<object[]> =>
  db.knex('audit_logs').orderBy('id').select('action', 'resource_type', 'resource_id', 'actor', 'status', 'details');

test('the optimistic lock writes at the version that was read, and not at an older one (schema §4.2)', async () => {
  expect(await updateEventReview(db.knex, { id, version: 1, patch: { notes: 'first' } })).toBe(2);
  expect(await updateEventReview(db.knex, { id, version: 1, patch: { notes: 'late' } })).toBeUndefined();
  expect(await updateEventReview(db.knex, { id: id + 1, version: 1, patch: { notes: 'nowhere' } })).toBeUndefined();
  expect(await stored()).toMatchObject({ notes: 'first', version: 2 });
  expect(await db.knex.transaction((trx) => lockEventReview(trx, id + 1))).toBeUndefined();
});

test('nothing to mark and nothing to note are usage errors', async () => {
  await expect(markEvents(db.knex, { ...ALONE, ids: [id], marks: {} })).rejects.toMatchObject({ exitCode: 2 });
  await expect(noteEvent(db.knex, { ...ALONE, id, text: ' \n', replace: false })).rejects.toMatchObject({ exitCode: 2 });
  await expect(noteEvent(db.knex, { ...ALONE, id, text: 'a\0b', replace: false })).rejects.toMatchObject({ exitCode: 2 });
  await expect(markEvents(db.knex, { ...ALONE, ids: [id], marks: { snoozeMs: 1e18 } })).rejects.toMatchObject({ exitCode: 2 });
  expect(await stored()).toMatchObject({ version: 1 });
});

test('an unknown event is told before any other is marked', async () => {
  const marks = { reviewed: true };
  await expect(markEvents(db.knex, { ...ALONE, ids: [id, 424242], marks })).rejects.toMatchObject({ code: 'event_unknown' });
  await expect(noteEvent(db.knex, { ...ALONE, id: 424242, text: 'x', replace: false })).rejects.toMatchObject({ code: 'event_unknown' });
  expect(await stored()).toMatchObject({ reviewed: false, version: 1 });
  expect(await audit()).toEqual([]);
});

test('marks are stored with the next version and an audit row that holds old and new value (behaviour §10.16)', async () => {
  const before = Date.now();
  const changes = await markEvents(db.knex, { ...ALONE, ids: [id, id], marks: { reviewed: true, flagged: true, snoozeMs: 3_600_000 } });
  const row = (await stored()) as { snooze_until: Date };
  expect(row).toMatchObject({ reviewed: true, flagged: true, version: 2 });
  expect(row.snooze_until.getTime() - before).toBeGreaterThan(3_590_000);
  expect(row.snooze_until.getTime() - before).toBeLessThan(3_660_000);
  expect(changes.map(({ column, from, version }) => [column, from, version])).toEqual([
    ['reviewed', false, 2],
    ['flagged', false, 2],
    ['snooze_until', null, 2],
  ]);
  const changed = [
    { column: 'reviewed', from: false, to: true },
    { column: 'flagged', from: false, to: true },
    { column: 'snooze_until', from: null, to: row.snooze_until.toISOString() },
  ];
  expect(await audit()).toEqual([
    {
      action: 'event_reviewed',
      resource_type: 'event',
      resource_id: String(id),
      actor: 'anna',
      status: 'success',
      details: { changes: changed, version: 2 },
    },
  ]);
});

test('marks are taken back, and marking what is marked already changes no version and leaves no audit row', async () => {
  await markEvents(db.knex, { ...ALONE, ids: [id], marks: { reviewed: true, snoozeMs: 1000 } });
  expect(await markEvents(db.knex, { ...ALONE, ids: [id], marks: { reviewed: true } })).toEqual([]);
  await markEvents(db.knex, { ...ALONE, ids: [id], marks: { reviewed: false, snoozeMs: 0 } });
  expect(await stored()).toEqual({ notes: null, reviewed: false, flagged: false, snooze_until: null, version: 3 });
  expect(await audit()).toHaveLength(2);
});

test('a dry run says what would change and writes nothing, not even that it failed', async () => {
  const dry = { ...ALONE, dryRun: true };
  expect(await noteEvent(db.knex, { ...dry, id, text: 'x', replace: false })).toMatchObject([{ column: 'notes', to: 'x' }]);
  await expect(noteEvent(db.knex, { ...dry, id, text: 'x', replace: false, expect: 9 })).rejects.toMatchObject({
    code: 'version_conflict',
  });
  expect(await stored()).toMatchObject({ notes: null, version: 1 });
  expect(await audit()).toEqual([]);
});

test('a note is another line; existing notes are replaced by who says which version was read', async () => {
  await noteEvent(db.knex, { ...ALONE, id, text: 'the postman\n', replace: false });
  await noteEvent(db.knex, { ...ALONE, id, text: 'rang twice', replace: false });
  expect(await stored()).toMatchObject({ notes: 'the postman\nrang twice', version: 3 });
  const replace = { ...ALONE, id, text: 'nobody', replace: true };
  await expect(noteEvent(db.knex, replace)).rejects.toMatchObject({ code: 'expect_required', hint: expect.stringContaining('--expect 3') });
  await noteEvent(db.knex, { ...replace, expect: 3 });
  expect(await stored()).toMatchObject({ notes: 'nobody', version: 4 });
  await noteEvent(db.knex, { ...replace, text: '', expect: 4 });
  expect(await stored()).toMatchObject({ notes: null, version: 5 });
  await noteEvent(db.knex, { ...replace, text: 'notes that are not there need no version' });
  expect(await stored()).toMatchObject({ version: 6 });
});

test('who expects another version is told both numbers, changes nothing, and the attempt is in the audit log', async () => {
  await noteEvent(db.knex, { ...ALONE, id, text: 'first', replace: false, expect: 1 });
  const late = noteEvent(db.knex, { ...ALONE, actor: 'bert', id, text: 'second', replace: true, expect: 1 });
  await expect(late).rejects.toMatchObject({ code: 'version_conflict', exitCode: 2, message: expect.stringMatching(/version 2, not 1/) });
  expect(await stored()).toMatchObject({ notes: 'first', version: 2 });
  expect((await audit())[1]).toMatchObject({
    actor: 'bert',
    status: 'failure',
    details: { code: 'version_conflict', expected_version: 1 },
  });
});

test('--expect is for one event', async () => {
  const other = await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-10T21:00:00Z' });
  const marked = markEvents(db.knex, { ...ALONE, ids: [id, other], marks: { flagged: true }, expect: 1 });
  await expect(marked).rejects.toMatchObject({ exitCode: 2 });
});

test('an event shows what is needed to change it', async () => {
  await markEvents(db.knex, { ...ALONE, ids: [id], marks: { flagged: true } });
  expect((await showEvent(db.knex, id, { cameras: {} })).event).toMatchObject({ flagged: true, snooze_until: null, version: 2 });
});
