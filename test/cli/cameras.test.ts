import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const hs = (...args: string[]): Promise<HsResult> => runHs(['cameras', ...args], { env: { HS_DATABASE_URL: db.url }, cwd: '/tmp' });

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('adds, changes, shows and lists a camera', async () => {
  expect(await hs('list')).toMatchObject({ code: 0, stdout: expect.stringContaining('no cameras') });
  expect(await hs('add', 'Front Door', '--timezone', 'Europe/Berlin', '--recording', 'triggered')).toMatchObject({ code: 0 });
  const changed = await hs('set', 'front_door', '--name', 'Door', '--clock-offset', '-240', '--folder', 'old/door', '--disable');
  expect(changed).toMatchObject({ code: 0, stderr: expect.stringContaining('from now on') });
  const { item } = JSON.parse((await hs('show', 'front_door', '--json')).stdout) as { item: object };
  expect(item).toMatchObject({ name: 'Door', clock_offset_s: -240, folders: ['/tmp/old/door'], enabled: false, recording: 'triggered' });
  expect((await hs('list', '--ids')).stdout).toBe('front_door\n');
});

test.each([
  [['add', 'x'], 'needs a time zone'],
  [['add', 'x', '--timezone', 'Berlin'], 'not a time zone'],
  [['set', 'nobody', '--enable'], 'no camera matches'],
  [['set', 'front_door'], 'nothing says what to change'],
  [['set', 'front_door', '--enable', '--disable'], 'cannot also be provided'],
  [['show', 'nobody'], 'no camera matches'],
  [['list', '--camera', 'nobody*'], 'no camera matches'],
])('cameras %j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
