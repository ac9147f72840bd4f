import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { seedCamera, seedEvent } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever a command prints
type Printed = any;

let db: TestDatabase;
let ids: string[];
const hs = (args: string[], input?: string): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'anna' }, ...(input === undefined ? {} : { input }) });
const json = async (...args: string[]): Promise<Printed> => JSON.parse((await hs([...args, '--json'])).stdout);

beforeAll(async () => {
  db = await createTestDatabase();
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin' });
});

beforeEach(async () => {
  for (const table of ['events', 'user_calibration', 'camera_calibrations', 'audit_logs'] as const) await db.knex(table).delete();
  ids = [];
  for (const score of [55, 31]) {
    const more = { risk_score: score, risk_level: 'medium', risk_source: 'rules' };
    ids.push(String(await seedEvent(db.knex, { camera: 'gate', members: [], at: `2026-01-10T20:${score}:00Z`, more })));
  }
});

afterAll(() => db.drop());

test('feedback is given, listed, reported and taken back; ids come from standard input', async () => {
  const added = await hs(['feedback', 'add', '-', '--type', 'FALSE_POSITIVE', '--note', 'cat\u001b[31m', '--json'], `${ids[0]}\n`);
  expect(JSON.parse(added.stdout)).toMatchObject({ schema_version: 1, items: [{ event_id: Number(ids[0]), score_at_feedback: 55 }] });
  const listed = await hs(['feedback', 'list']);
  expect(listed.stdout).toContain('2026-01-10T21:55:00.000+01:00');
  expect(listed.stdout).not.toContain('\u001b[31m');
  expect((await hs(['feedback', 'list', '--ids'])).stdout).toBe(`${ids[0]}\n`);
  expect((await json('events', 'list')).items).toMatchObject([{ feedback: 'false_positive' }, { feedback: null }]);
  expect((await hs(['feedback', 'report', '--by', 'camera'])).stdout).toMatch(/camera +gate +unmeasured/);
  expect(await hs(['feedback', 'delete', ids[0]!])).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect(await hs(['feedback', 'delete', ids[0]!, '--yes'])).toMatchObject({ code: 0 });
  expect((await json('feedback', 'list')).items).toEqual([]);
  const acts = await db.knex('audit_logs').orderBy('id').select('action', 'actor');
  expect(acts).toEqual([
    { action: 'event_dismissed', actor: 'anna' },
    { action: 'settings_changed', actor: 'anna' },
  ]);
});

test('thresholds are learned, previewed, applied and learned anew', async () => {
  await hs(['feedback', 'add', ids[0]!, '--type', 'false_positive', '--dry-run']);
  expect((await json('calibration', 'show')).item).toMatchObject({ low: 30, learned_low: 30 });
  await hs(['feedback', 'add', ids[0]!, '--type', 'false_positive']);
  expect(await json('calibration', 'show', '--decay', '1')).toMatchObject({
    item: { learned_low: 41, decay: 1 },
    cameras: [{ camera_id: 'gate' }],
  });
  await hs(['feedback', 'add', ids[1]!, '--type', 'false_positive']);
  expect((await hs(['calibration', 'history', '--csv', '--columns', 'change,low,medium,high'])).stdout).toBe(
    'change,low,medium,high\n1,31,61,86\n1,32,62,87\n',
  );
  const preview = await hs(['calibration', 'apply', '--dry-run']);
  expect(preview.stdout).toContain('30/60/85 → 32/62/87');
  expect(preview.stdout).toMatch(/medium +low +1/);
  expect((await json('calibration', 'apply')).item.changes).toEqual([{ from: 'medium', to: 'low', events: 1 }]);
  expect(await db.knex('events').orderBy('id').pluck('risk_level')).toEqual(['medium', 'low']);
  expect(await hs(['check', 'V4', 'Q3'])).toMatchObject({ code: 0 });
  const other = { env: { HS_DATABASE_URL: db.url, HS_CALIBRATION_USER: 'ann' } };
  expect((await runHs(['check', 'V4'], other)).code).toBe(7);
  expect(await hs(['calibration', 'reset', '--yes', '--json'])).toMatchObject({ code: 0 });
  expect((await json('calibration', 'show')).item).toMatchObject({ low: 32, learned_low: 30 });
});

test.each([
  [['feedback', 'add', '1'], 'Missing required flag type'],
  [['feedback', 'add', '1', '--type', 'wrong'], 'not one of'],
  [['feedback', 'add', '1', '--type', 'severity_wrong'], 'needs the level'],
  [['feedback', 'add', '424242', '--type', 'correct'], 'there is no event 424242'],
  [['feedback', 'delete', '424242', '--yes'], 'no feedback on event 424242'],
  [['feedback', 'report', '--by', 'colour'], 'not one of'],
  [['calibration', 'apply', '--decay', '2'], 'not a number from 0 to 1'],
  [['calibration', 'show', '--camera', 'nowhere'], 'no camera matches'],
])('%j is a usage error', async (args, message) => {
  expect(await hs(args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
