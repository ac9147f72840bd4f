import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const run = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: '/tmp' });
const hs = (...args: string[]): Promise<HsResult> => run('properties', ...args);
const auditOf = (type: string): Promise<{ action: string; actor: string; details: object }[]> =>
  db.knex('audit_logs').where('resource_type', type).orderBy('id').select('action', 'actor', 'details');

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('without any the list says so', async () => {
  expect(await hs('list')).toMatchObject({ code: 0, stdout: 'no properties\n' });
});

test('a dry run of the first property leaves neither it nor a household nor an audit row', async () => {
  const result = await hs('add', 'Home', '--timezone', 'Europe/Berlin', '--dry-run');
  expect(result).toMatchObject({ code: 0, stderr: expect.stringContaining('would be added') });
  expect(await db.knex('households')).toEqual([]);
  expect(await db.knex('audit_logs')).toEqual([]);
});

test('the first property brings the household Home; both are in the audit log (§10.16)', async () => {
  const { code, stdout } = await hs('add', 'Town house', '--timezone', 'Europe/Berlin', '--address', 'Ring 1', '--json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    schema_version: 1,
    item: { name: 'Town house', household: 'Home', timezone: 'Europe/Berlin', address: 'Ring 1', cameras: 0, camera_ids: [] },
  });
  expect(await auditOf('household')).toEqual([{ action: 'settings_changed', actor: 'tester', details: { created: { name: 'Home' } } }]);
  expect(await auditOf('property')).toMatchObject([{ action: 'settings_changed', details: { created: { name: 'Town house' } } }]);
});

test('changes, shows and lists properties; what did not change leaves no audit row', async () => {
  expect((await hs('add', 'Cabin', '--timezone', 'Europe/Oslo')).code).toBe(0);
  const changed = await hs('set', 'Cabin', '--name', 'Lake cabin', '--timezone', 'Europe/Rome', '--address', ' ', '--json');
  expect(JSON.parse(changed.stdout)).toMatchObject({
    items: [
      { column: 'name', from: 'Cabin', to: 'Lake cabin' },
      { column: 'timezone', from: 'Europe/Oslo', to: 'Europe/Rome' },
    ],
  });
  expect(changed.stderr).toContain('from now on');
  const before = (await auditOf('property')).length;
  expect(await hs('set', 'Lake cabin', '--timezone', 'Europe/Rome')).toMatchObject({ code: 0, stdout: 'nothing to change\n' });
  expect(await auditOf('property')).toHaveLength(before);
  const { id } = await db.knex('properties').where({ name: 'Lake cabin' }).first('id');
  const shown = await runHs(['properties', 'show', '-', '--json'], {
    env: { HS_DATABASE_URL: db.url },
    input: `${String(id)}\nTown house\n`,
  });
  expect(JSON.parse(shown.stdout)).toMatchObject({ items: [{ name: 'Lake cabin' }, { name: 'Town house' }] });
  expect((await hs('list', '--csv', '--columns', 'name,timezone')).stdout).toBe(
    'name,timezone\nLake cabin,Europe/Rome\nTown house,Europe/Berlin\n',
  );
});

test('deleting a property keeps its cameras and says which lost their site and zone (schema §7)', async () => {
  await run('cameras', 'add', 'gate', '--property', 'Lake cabin');
  await run('cameras', 'add', 'pier', '--property', 'Lake cabin');
  await run('cameras', 'set', 'pier', '--timezone', 'Europe/Rome');
  await run('areas', 'add', 'Shore', '--property', 'Lake cabin');
  expect(await hs('delete', 'Lake cabin')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --yes') });
  expect((await hs('delete', 'Lake cabin', '--dry-run')).stdout).toContain('would be deleted');
  const { code, stdout } = await hs('delete', 'Lake cabin', '--yes');
  expect(code).toBe(0);
  expect(stdout).toBe(
    'property Lake cabin deleted\nwith its areas: Shore\n2 cameras are left without a property: gate, pier\n' +
      'without a time zone of their own: gate; set one with: hs cameras set ID --timezone ZONE\n',
  );
  expect(await db.knex('cameras').pluck('property_id')).toEqual([null, null]);
  expect(await auditOf('property')).toContainEqual(
    expect.objectContaining({
      details: { deleted: expect.objectContaining({ name: 'Lake cabin', cameras: ['gate', 'pier'], areas: ['Shore'] }) },
    }),
  );
});

test('two processes that add the same property at once make one', async () => {
  const results = await Promise.all([1, 2].map(() => hs('add', 'Twin', '--timezone', 'UTC')));
  expect(results.map(({ code }) => code).sort()).toEqual([0, 2]);
  expect(await db.knex('properties').where({ name: 'Twin' })).toHaveLength(1);
});

test('a name of more than 100 characters and an address of more than 500 are usage errors', async () => {
  expect(await hs('add', 'x'.repeat(101), '--timezone', 'UTC')).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('100 characters'),
  });
  const result = await hs('add', 'x', '--timezone', 'UTC', '--address', 'y'.repeat(501));
  expect(result).toMatchObject({ code: 2, stderr: expect.stringContaining('500 characters') });
});

test.each([
  [['add', 'x'], 'Missing required flag timezone'],
  [['add', '  ', '--timezone', 'UTC'], 'is empty'],
  [['add', 'x', '--timezone', 'Berlin'], 'not a time zone'],
  [['add', 'x', '--timezone', '+01:00'], 'not a time zone'],
  [['add', 'x', '--timezone', 'UTC', '--household', 'Hom'], 'did you mean Home?'],
  [['add', 'Town house', '--timezone', 'UTC'], 'already'],
  [['set', 'Town house', '--name', 'Twin'], 'already'],
  [['set', 'Town house'], 'nothing says what to change'],
  [['set', 'Town hose', '--name', 'x'], 'did you mean Town house?'],
  [['show', '99'], 'there is no property "99"'],
  [['delete', 'nowhere', '--yes'], 'there is no property'],
])('properties %j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
