import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seedCamera, seedEvent } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let event: string;
const hs = (...args: string[]): Promise<HsResult> => runHs(['events', ...args], { env: { HS_DATABASE_URL: db.url } });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate');
});

beforeEach(async () => {
  await db.knex('events').delete();
  event = String(await seedEvent(db.knex, { camera: 'gate', members: [], at: '2026-01-10T20:00:00Z' }));
});

afterAll(() => db.drop());

const stored = (): Promise<{ notes: string; version: number }> => db.knex('events').where({ id: event }).first();

/** Holds the event until all commands wait for it, so that they really meet. */
async function atOnce(commands: readonly string[][]): Promise<HsResult[]> {
  const trx = await db.knex.transaction();
  await trx('events').where({ id: event }).forUpdate().select('id');
  const running = commands.map((command) => hs(...command));
  const waiting = async (): Promise<number> => {
    const sessions = db.knex('pg_stat_activity').whereRaw('datname = current_database()').where({ wait_event_type: 'Lock' });
    return (await sessions).length;
  };
  await expect.poll(waiting, { timeout: 30_000 }).toBe(commands.length);
  await trx.rollback();
  return Promise.all(running);
}

test('two processes edit the notes of one event at once: the second is told, nothing is lost (schema §4.2)', async () => {
  const results = await atOnce([
    ['note', event, 'anna saw him', '--expect', '1', '--actor', 'anna'],
    ['note', event, 'bert saw her', '--expect', '1', '--actor', 'bert'],
  ]);
  expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
  const late = results.find(({ code }) => code === 2)!;
  expect(late).toMatchObject({ stdout: '', stderr: expect.stringContaining(`event ${event} is at version 2, not 1`) });
  expect(late.stderr).toContain('--expect 2');
  const { notes, version } = await stored();
  expect(version).toBe(2);
  expect(notes).toBe(results[0]!.code === 0 ? 'anna saw him' : 'bert saw her');
  const attempts = await db.knex('audit_logs').where({ action: 'event_reviewed' }).orderBy('status').pluck('status');
  expect(attempts).toEqual(['failure', 'success']);
});

test('without --expect both lines are there, each written to the version that was read with the lock on it', async () => {
  const results = await atOnce([
    ['note', event, 'anna saw him'],
    ['note', event, 'bert saw her'],
    ['mark', event, '--reviewed', '--flagged'],
  ]);
  expect(results.map(({ code }) => code)).toEqual([0, 0, 0]);
  const row = await stored();
  expect(row).toMatchObject({ version: 4, reviewed: true, flagged: true });
  expect(row.notes.split('\n').sort()).toEqual(['anna saw him', 'bert saw her']);
});

test('the version is in what show and list print, and goes back with --expect', async () => {
  expect((await hs('show', event)).stdout).toMatch(/^version +1$/m);
  const { items } = JSON.parse((await hs('show', event, '--json')).stdout) as { items: { event: object }[] };
  expect(items[0]!.event).toMatchObject({ version: 1, flagged: false, snooze_until: null });
  const marked = await hs('mark', event, '--flagged', '--snooze', '8h', '--expect', '1', '--json');
  expect(JSON.parse(marked.stdout)).toMatchObject({
    schema_version: 1,
    items: [{ column: 'flagged', version: 2 }, { column: 'snooze_until' }],
  });
  expect(await hs('mark', event, '--no-snooze', '--expect', '1')).toMatchObject({ code: 2 });
  expect(await hs('mark', event, '--no-snooze', '--expect', '2')).toMatchObject({ code: 0 });
  const list = JSON.parse((await hs('list', '--json')).stdout) as { items: object[] };
  expect(list.items).toMatchObject([{ flagged: true, snooze_until: null, version: 3 }]);
  expect((await hs('list', '--csv', '--columns', 'id,version')).stdout).toBe(`id,version\n${event},3\n`);
});

test('ids and a note come from standard input', async () => {
  const env = { HS_DATABASE_URL: db.url };
  expect(await runHs(['events', 'mark', '-', '--reviewed'], { env, input: `${event}\n` })).toMatchObject({ code: 0 });
  expect(await runHs(['events', 'note', event, '-'], { env, input: 'one\n\ntwo\n' })).toMatchObject({ code: 0 });
  expect(await stored()).toMatchObject({ reviewed: true, notes: 'one\n\ntwo', version: 3 });
  expect(await hs('mark', event, '--reviewed')).toMatchObject({ code: 0, stdout: expect.stringContaining('nothing to change') });
  expect(await hs('note', event, 'x', '--dry-run')).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing was changed') });
  expect((await stored()).version).toBe(3);
});

test.each([
  [['mark', '1'], 'nothing says how to mark'],
  [['mark', '424242', '--reviewed'], 'there is no event 424242'],
  [['mark', 'x', '--reviewed'], 'not an id'],
  [['mark', '1', '--snooze', 'long'], 'not a length of time'],
  [['mark', '1', '--snooze', '1h', '--no-snooze'], 'cannot also be provided'],
  [['mark', '1', '--reviewed', '--expect', '0'], 'expect'],
  [['note', '424242', 'x'], 'there is no event 424242'],
  [['note', '1', ''], 'the note is empty'],
  [['note', '1'], 'Missing 1 required arg'],
])('events %j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
