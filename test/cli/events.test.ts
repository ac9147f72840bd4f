import { afterAll, beforeAll, expect, test } from 'vitest';
import { seedCamera, seedDetection, seedEvent, seedFile, seedRun } from '../db/answers/seed.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
let eventId: number;
const hs = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url } });

beforeAll(async () => {
  db = await createTestDatabase();
  await seedRun(db.knex);
  await seedCamera(db.knex, 'gate', { timezone: 'Asia/Tokyo', name: 'Gate \u001b[31m\u202E' });
  const fileId = await seedFile(db.knex, { camera: 'gate', at: '2026-01-10T20:00:00Z' });
  const member = await seedDetection(db.knex, { fileId, camera: 'gate', at: '2026-01-10T20:00:00Z', offsetMs: 1500 });
  eventId = await seedEvent(db.knex, { camera: 'gate', members: [member], more: { summary: 'somebody\u0007 came' } });
});
afterAll(() => db.drop());

test('shows camera-local times in the table and UTC in data (§12)', async () => {
  const { code, stdout } = await hs('events', 'list');
  expect(code).toBe(0);
  expect(stdout).toContain('2026-01-11T05:00:01.500+09:00');
  const { items } = JSON.parse((await hs('events', 'list', '--json')).stdout) as { items: object[] };
  expect(items).toMatchObject([{ id: eventId, started_at: '2026-01-10T20:00:01.500Z', object_types: ['person'], risk_source: 'none' }]);
  const csv = (await hs('events', 'list', '--csv')).stdout;
  expect(csv.split('\n')[0]).toBe(
    'id,started_at,camera_id,risk_score,risk_level,risk_source,object_types,zones,duration_s,reviewed,summary',
  );
  expect(csv).toContain(`${String(eventId)},2026-01-10T20:00:01.500Z,gate,,,none,person,,0,false,`);
});

test('a hostile name reaches no terminal, and JSON keeps it exact', async () => {
  const shown = await hs('events', 'show', String(eventId));
  expect(shown.code).toBe(0);
  expect(shown.stdout).not.toMatch(/[\u001b\u0007\u202E]/);
  const { items } = JSON.parse((await hs('events', 'show', String(eventId), '--json')).stdout) as { items: { event: object }[] };
  expect(items[0]!.event).toMatchObject({ camera_name: 'Gate \u001b[31m\u202E', summary: 'somebody\u0007 came' });
});

test('ids of one command are the input of the next', async () => {
  const { stdout } = await hs('events', 'list', '--ids');
  expect(stdout).toBe(`${String(eventId)}\n`);
  const shown = await runHs(['events', 'show', '-'], { env: { HS_DATABASE_URL: db.url }, input: stdout });
  expect(shown.stdout).toContain('/footage/gate/2026-01-10T20:00:00Z.mp4');
});

test('nothing found is an empty table with code 0', async () => {
  expect(await hs('events', 'list', '--min-score', '1')).toMatchObject({ code: 0, stdout: expect.stringContaining('no events') });
  expect(JSON.parse((await hs('events', 'list', '--min-score', '1', '--json')).stdout)).toMatchObject({ items: [] });
});

test.each([
  [['--camera', 'gaet'], 'gate'],
  [['--level', 'hgih'], 'did you mean high?'],
  [['--since', 'yesterday'], '7d'],
  [['--columns', 'id,startd_at'], 'did you mean started_at?'],
  [['--sort', 'summary; drop table events'], 'started_at'],
])('events list %j is a usage error that helps and prints no data', async (flags, help) => {
  const { code, stdout, stderr } = await hs('events', 'list', ...flags, '--json');
  expect([code, stdout]).toEqual([2, '']);
  expect(JSON.parse(stderr)).toMatchObject({ type: 'error', exit_code: 2, hint: expect.stringContaining(help) });
});

test('showing an event that does not exist is a usage error', async () => {
  expect(await hs('events', 'show', '424242')).toMatchObject({ code: 2, stdout: '' });
});

test('detections and tracks have lists of their own', async () => {
  const { items } = JSON.parse((await hs('detections', 'list', '--min-confidence', '0.5', '--json')).stdout) as { items: object[] };
  expect(items).toMatchObject([{ event_ids: [eventId], frame_offset_ms: 1500, object_type: 'person' }]);
  expect(await hs('tracks', 'list')).toMatchObject({ code: 0, stdout: expect.stringContaining('no tracks') });
});
