import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const run = (args: string[], input?: string): Promise<HsResult> =>
  runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: '/tmp', ...(input === undefined ? {} : { input }) });
const hs = (...args: string[]): Promise<HsResult> => run(['areas', ...args]);
const audit = (): Promise<object[]> => db.knex('audit_logs').where('resource_type', 'area').orderBy('id').pluck('details');

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('an area needs a property; the only one is meant when none is named', async () => {
  expect(await hs('list')).toMatchObject({ code: 0, stdout: 'no areas\n' });
  expect(await hs('add', 'Garage')).toMatchObject({ code: 2, stderr: expect.stringContaining('hs properties add') });
  await run(['properties', 'add', 'Home', '--timezone', 'UTC']);
  expect(await hs('add', 'Garage', '--color', '#3366cc')).toMatchObject({ code: 0, stderr: 'area Garage added\n' });
  await run(['properties', 'add', 'Cabin', '--timezone', 'UTC']);
  expect(await hs('add', 'Shed')).toMatchObject({ code: 2, stderr: expect.stringContaining('--property: Cabin, Home') });
  const { stdout } = await hs('list', '--json');
  expect(JSON.parse(stdout)).toMatchObject({ items: [{ name: 'Garage', property: 'Home', color: '#3366CC', cameras: [] }] });
  expect(await audit()).toMatchObject([{ created: { name: 'Garage' } }]);
});

test('two properties may each have an area of one name; it is then told by id', async () => {
  await hs('add', 'Garage', '--property', 'Cabin');
  const { code, stderr } = await hs('show', 'Garage');
  expect(code).toBe(2);
  expect(stderr).toContain('give the id: 2 (Cabin), 1 (Home)');
  expect((await hs('show', '2')).stdout).toMatch(/property\s+Cabin/);
  expect(await hs('add', 'Garage', '--property', 'Cabin')).toMatchObject({ code: 2, stderr: expect.stringContaining('hs areas set 2') });
  expect(await hs('set', '2', '--property', 'Home')).toMatchObject({ code: 2, stderr: expect.stringContaining('already') });
  expect((await hs('set', '2', '--name', 'Boat house', '--description', 'by the lake')).code).toBe(0);
});

test('cameras come in by name and pattern and go out again, with audit rows only for changes', async () => {
  for (const name of ['yard_a', 'yard_b', 'gate']) await run(['cameras', 'add', name, '--property', 'Home']);
  const rows = (await audit()).length;
  expect((await hs('assign', 'Garage', 'yard_*', '--dry-run')).stdout).toBe('yard_a, yard_b would be added to Garage\n');
  expect((await hs('assign', 'Garage', 'yard_*')).stdout).toBe('yard_a, yard_b added to Garage\n');
  expect((await hs('assign', 'Garage', 'yard_a', 'gate')).stdout).toBe('gate added to Garage\nyard_a was in Garage before\n');
  expect((await hs('assign', 'Garage', 'gate')).stdout).toBe('gate was in Garage before\n');
  expect((await hs('assign', 'Boat house', 'gate')).stdout).toContain('not at the property of Boat house: gate');
  expect((await hs('list', '--camera', 'yard_a', '--ids')).stdout).toBe('1\n');
  const { stdout } = await run(['areas', 'unassign', 'Garage', '-', '--json'], 'gate\nyard_b\n');
  expect(JSON.parse(stdout)).toMatchObject({ item: { area: 'Garage', changed: ['gate', 'yard_b'], unchanged: [], dry_run: false } });
  expect((await audit()).slice(rows)).toEqual([
    { cameras_added: ['yard_a', 'yard_b'] },
    { cameras_added: ['gate'] },
    { cameras_added: ['gate'] },
    { cameras_removed: ['gate', 'yard_b'] },
  ]);
});

test('a deleted area leaves its cameras and says what it was in the audit log', async () => {
  expect(await hs('delete', 'Garage')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --yes') });
  expect((await hs('delete', 'Garage', '--yes')).stdout).toBe('area Garage of Home deleted\n');
  expect((await audit()).at(-1)).toEqual({ deleted: { id: 1, name: 'Garage', property: 'Home', cameras: ['yard_a'] } });
  expect(await db.knex('cameras')).toHaveLength(3);
  expect(await db.knex('camera_areas').pluck('area_id')).toEqual([2]);
});

test.each([
  [['add', 'x', '--property', 'Hme'], 'did you mean Home?'],
  [['add', 'x', '--property', 'Home', '--color', 'green'], 'is not a colour'],
  [['set', 'Boat house'], 'nothing says what to change'],
  [['assign', 'Boat house'], 'Missing 1 required arg'],
  [['assign', 'Boat house', 'nobody'], 'no camera matches'],
  [['assign', 'Boat hose', 'gate'], 'did you mean Boat house?'],
  [['list', '--property', 'x'], 'there is no property'],
  [['list', '--camera', 'nobody*'], 'no camera matches'],
])('areas %j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
