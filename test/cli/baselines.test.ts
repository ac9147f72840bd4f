import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedEvent, seedRun } from '../db/answers/seed.ts';
import { seedFootage, seedTracks } from '../db/baselines/seed-activity.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { parseCsv } from '../helpers/parse-csv.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** A monday, 14:00 in Berlin. */
const START_MS = Date.UTC(2026, 0, 5, 13);

let db: TestDatabase;
let folder = '';
let eventId = 0;
const hs = (...args: string[]): Promise<HsResult> =>
  runHs(args[0] === 'events' ? args : ['baselines', ...args], { env: { HS_DATABASE_URL: db.url, COLUMNS: '100' }, cwd: folder });

async function itemsOf(...args: string[]): Promise<Record<string, unknown>[]> {
  const { code, stdout, stderr } = await hs(...args, '--json');
  expect([code, stderr]).toEqual([0, '']);
  return (JSON.parse(stdout) as { items: Record<string, unknown>[] }).items;
}

/** Four weeks with an hour on every day; persons on mondays, oldest first 1, 4, 0, 2 (§8.3). */
beforeAll(async () => {
  db = await createTestDatabase();
  folder = await mkdtemp(join(tmpdir(), 'hs-cli-'));
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { timezone: 'Europe/Berlin', recording: 'continuous' });
  await seedFootage(
    db.knex,
    'gate',
    Array.from({ length: 22 }, (_, day) => ({ startMs: START_MS + day * DAY_MS, lengthMs: HOUR_MS })),
  );
  const tracks = [1, 4, 0, 2].flatMap((count, week) =>
    Array.from({ length: count }, (_, i) => ({ firstMs: START_MS + week * 7 * DAY_MS + i * 60_000, label: 'person', confirmed: true })),
  );
  await seedTracks(db.knex, 'gate', tracks);
  const at = new Date(START_MS + 21 * DAY_MS + 10 * 60_000).toISOString();
  eventId = await seedEvent(db.knex, { camera: 'gate', members: [], at });
});

afterAll(async () => {
  await db.drop();
  await rm(folder, { recursive: true });
});

test('before anything is computed nothing is known, and it is said how to change that', async () => {
  expect((await hs('show')).stdout).toBe('nothing is known yet\n');
  const { code, stderr } = await hs('heatmap', 'gate');
  expect(code).toBe(2);
  expect(stderr).toContain('hs baselines rebuild');
  expect((await hs('reset', '--yes')).stdout).toBe('nothing was known\n');
});

test('a rebuild computes slots and scores, leaves a job behind, and a second one changes nothing', async () => {
  const [first] = await itemsOf('rebuild');
  expect(first).toMatchObject({
    camera_id: 'gate',
    as_of: '2026-01-26T14:00:00.000Z',
    recording: 'continuous',
    timezone: 'Europe/Berlin',
    activity_slots: 7,
    class_slots: 1,
    changed_hours: 22,
    changed_slots: 8,
    changed_events: 1,
  });
  expect((await itemsOf('rebuild'))[0]).toMatchObject({ changed_hours: 0, changed_slots: 0, changed_events: 0 });
  expect(await db.knex('jobs').distinct('job_type', 'status')).toEqual([{ job_type: 'baselines', status: 'completed' }]);
});

test('show lists the slots', async () => {
  const [monday] = await itemsOf('show', '--camera', 'gate');
  expect(monday).toMatchObject({ day_of_week: 0, weekday: 'monday', hour: 14, avg_count: 1.682845, sample_count: 4 });
  expect(await itemsOf('show', '--class', 'person')).toMatchObject([{ detection_class: 'person', hour: 14, sample_count: 22 }]);
  expect(await itemsOf('show', '--class', 'car')).toEqual([]);
  expect((await hs('show', '--class', 'persn')).code).toBe(2);
  const [earlier] = await itemsOf('show', '--as-of', '2026-01-20T00:00:00Z');
  expect(earlier).toMatchObject({ weekday: 'monday', sample_count: 3 });
});

test('verify tells whether what is stored is what a rebuild gives', async () => {
  expect(await itemsOf('update', '--verify')).toMatchObject([{ camera_id: 'gate', identical: true }]);
  const [slot] = await db.knex('activity_baselines').where({ day_of_week: 0 }).select('avg_count');
  await db
    .knex('activity_baselines')
    .where({ day_of_week: 0 })
    .update({ avg_count: db.knex.raw(`avg_count + '1e-15'::float8`) });
  const { code, stdout } = await hs('rebuild', '--verify', '--json');
  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ identical: false, different_hours: 0, different_slots: 1 }] });
  await hs('rebuild');
  expect(await db.knex('activity_baselines').where({ day_of_week: 0 }).select('avg_count')).toEqual([slot]);
});

test('explain shows the numbers behind a slot (§8.3)', async () => {
  const { stdout } = await hs('explain', 'gate', '--weekday', 'mon', '--hour', '14', '--json');
  const { item, occurrences } = JSON.parse(stdout) as { item: object; occurrences: object[] };
  expect(item).toMatchObject({ weekday: 'monday', hour: 14, sample_count: 4, weighted_exposure: 2.22776, tracks_per_hour: 1.682845 });
  expect(occurrences.map((row) => Object.values(row).slice(2, 6))).toEqual([
    [1, 1, 21, 0.233258],
    [4, 1, 14, 0.378929],
    [0, 1, 7, 0.615572],
    [2, 1, 0, 1],
  ]);
  const shown = await hs('explain', 'gate', '--at', '2026-01-19T14:30');
  expect(shown.stdout).toMatch(/tracks_per_hour +1.682845/);
  expect((await hs('explain', 'gate')).code).toBe(2);
  expect((await hs('explain', 'gate', '--class', 'person', '--hour', '3')).stdout).toContain('no covered hour');
});

test('the heat map is shades on a terminal, numbers for programs', async () => {
  const { stdout } = await hs('heatmap', 'gate');
  const lines = stdout.split('\n');
  expect(lines[1]).toBe(`    ${Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0')).join(' ')}`);
  expect(lines[2]).toBe(`mon${' '.repeat(43)}██`);
  expect(lines[3]).toBe(`tue${' '.repeat(43)}··`);
  const rows = parseCsv((await hs('heatmap', 'gate', '--csv')).stdout);
  expect(rows[1]?.[15]).toBe('1.682845');
  expect(rows[2]?.[15]).toBe('0');
  expect(rows[2]?.[14]).toBeUndefined();
});

test('the heat map is written as a drawing', async () => {
  expect((await hs('heatmap', 'gate', '--out', 'gate.svg')).code).toBe(0);
  const svg = await readFile(join(folder, 'gate.svg'), 'utf8');
  expect(svg).toContain('gate: what is usual');
  expect(svg).toContain('>1.7<');
  expect((await hs('heatmap', 'gate', '--out', 'gate.png', '--class', 'person')).code).toBe(0);
  const { format, width, height } = await sharp(join(folder, 'gate.png')).metadata();
  expect([format, width, height]).toEqual(['png', 944, 400]);
  expect((await hs('heatmap', 'gate', '--out', 'gate.gif')).stderr).toContain('.svg or .png');
});

test('an event is shown with its words and what they rest on (§8.4)', async () => {
  const { stdout } = await hs('events', 'show', String(eventId));
  const line = stdout.split('\n').find((one) => one.startsWith('anomaly'));
  expect(line).toMatch(/^anomaly +0\.\d{4} unusual: 2 person, 0\.\d\d expected · 2 in all, 0\.\d\d expected \(21 such hours known\)$/);
  const shown = JSON.parse((await hs('events', 'show', String(eventId), '--json')).stdout) as {
    items: [{ event: object; anomaly_basis: object }];
  };
  expect(shown.items[0].event).toMatchObject({ anomaly_level: 'unusual' });
  expect(shown.items[0].anomaly_basis).toMatchObject({ samples: 21, classes: { person: { k: 2 } }, activity: { k: 2 } });
});

test('reset forgets what is usual, with a record; the next rebuild brings the same', async () => {
  const before = await itemsOf('show');
  expect((await hs('reset')).code).toBe(2);
  expect(await itemsOf('reset', '--dry-run', '--quiet')).toEqual([
    { camera_id: 'gate', activity_hours: 22, activity_baselines: 7, class_baselines: 1 },
  ]);
  expect(await itemsOf('show')).toEqual(before);
  await itemsOf('reset', '--yes');
  expect(await itemsOf('show')).toEqual([]);
  const details = { activity_hours: 22, activity_baselines: 7, class_baselines: 1 };
  expect(await db.knex('audit_logs').where({ action: 'data_cleared' }).select('resource_type', 'resource_id', 'details')).toEqual([
    { resource_type: 'baselines', resource_id: 'gate', details },
  ]);
  await itemsOf('rebuild');
  expect(await itemsOf('show')).toEqual(before);
});
