import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const run = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'tester' }, cwd: '/tmp' });
const hs = (...args: string[]): Promise<HsResult> => run('households', ...args);
const auditOf = (type: string): Promise<{ action: string; actor: string; details: object }[]> =>
  db.knex('audit_logs').where('resource_type', type).orderBy('id').select('action', 'actor', 'details');

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('without any the lists say so', async () => {
  expect(await hs('list')).toMatchObject({ code: 0, stdout: 'no households\n' });
  expect(await hs('member', 'list')).toMatchObject({ code: 0, stdout: 'no members\n' });
  expect(await hs('vehicle', 'list')).toMatchObject({ code: 0, stdout: 'no vehicles\n' });
});

test('a dry run of the first member leaves neither it nor a household nor an audit row', async () => {
  expect(await hs('member', 'add', 'Anna', '--dry-run')).toMatchObject({ code: 0, stderr: expect.stringContaining('would be added') });
  expect(await db.knex('households')).toEqual([]);
  expect(await db.knex('audit_logs')).toEqual([]);
});

test('the first member brings the household Home; the act is in the audit log (§10.16)', async () => {
  const added = await hs('member', 'add', 'Anna', '--schedule', 'weekdays 17:00-08:00; weekends all_day', '--json');
  expect(added.code).toBe(0);
  expect(JSON.parse(added.stdout)).toMatchObject({
    schema_version: 1,
    item: {
      name: 'Anna',
      household: 'Home',
      role: 'resident',
      trust: 'full',
      pictures: 0,
      schedule: { weekdays: '17:00-08:00', weekends: 'all_day' },
    },
  });
  expect(await auditOf('household_member')).toMatchObject([
    { action: 'household_updated', actor: 'tester', details: { created: { name: 'Anna' } } },
  ]);
});

test('changes a member and records what really changed', async () => {
  await hs('member', 'add', 'Gardener', '--role', 'service_worker', '--trust', 'partial');
  const changed = await hs('member', 'set', 'Gardener', '--trust', 'MONITOR', '--role', 'service_worker', '--notes', 'Fridays', '--json');
  expect(JSON.parse(changed.stdout)).toMatchObject({
    items: [
      { column: 'trusted_level', from: 'partial', to: 'monitor' },
      { column: 'notes', from: null, to: 'Fridays' },
    ],
  });
  const before = (await auditOf('household_member')).length;
  expect(await hs('member', 'set', 'Gardener', '--trust', 'monitor')).toMatchObject({ code: 0, stdout: 'nothing to change\n' });
  expect(await auditOf('household_member')).toHaveLength(before);
  expect((await hs('member', 'list', '--csv', '--columns', 'name,role,trust')).stdout).toBe(
    'name,role,trust\nAnna,resident,full\nGardener,service_worker,monitor\n',
  );
});

test('a vehicle is found by description and by plate, however it is written', async () => {
  const added = await hs('vehicle', 'add', 'red estate', '--plate', 'ab-12 3cd', '--owner', 'Anna', '--json');
  expect(JSON.parse(added.stdout)).toMatchObject({
    item: { description: 'red estate', plate: 'AB123CD', vehicle_type: 'car', owner: 'Anna', trusted: true, household: 'Home' },
  });
  const changed = await hs('vehicle', 'set', 'AB 123-cd', '--no-trusted', '--color', 'red', '--json');
  expect(JSON.parse(changed.stdout)).toMatchObject({ items: [{ column: 'color' }, { column: 'trusted', from: true, to: false }] });
  expect((await hs('vehicle', 'set', 'red estate', '--owner', '')).code).toBe(0);
  expect(await db.knex('registered_vehicles').first('owner_id', 'trusted')).toEqual({ owner_id: null, trusted: false });
  expect((await auditOf('registered_vehicle')).map(({ action }) => action)).toEqual(Array(3).fill('household_updated'));
});

test('shows a household with all who belong, and deletes it with them', async () => {
  await run('properties', 'add', 'Town house', '--timezone', 'Europe/Berlin');
  await hs('vehicle', 'set', 'red estate', '--owner', 'Gardener');
  const gone = await hs('member', 'delete', 'Gardener', '--yes');
  expect(gone.stdout).toBe('member Gardener of Home deleted\nvehicles without an owner now: red estate\n');
  expect((await hs('vehicle', 'delete', 'red estate', '--yes')).stdout).toBe('vehicle red estate of Home deleted\n');
  await hs('vehicle', 'add', 'van', '--type', 'van');
  expect((await hs('add', 'Cabin')).code).toBe(0);
  expect((await hs('set', 'Cabin', '--name', 'Lake cabin')).code).toBe(0);
  const shown = JSON.parse((await hs('show', 'Home', '--json')).stdout);
  expect(shown.item).toMatchObject({
    members: 1,
    vehicles: 1,
    properties: ['Town house'],
    member_list: [{ name: 'Anna' }],
    vehicle_list: [{ description: 'van' }],
  });
  expect((await hs('list', '--csv', '--columns', 'name,members')).stdout).toBe('name,members\nHome,1\nLake cabin,0\n');
  expect(await hs('delete', 'Home')).toMatchObject({ code: 2, stderr: expect.stringContaining('needs --yes') });
  expect((await hs('delete', 'Home', '--dry-run')).stdout).toBe(
    'household Home would be deleted\nmembers deleted with it: Anna\nvehicles deleted with it: van\nproperties deleted with it: Town house\n',
  );
  expect((await hs('delete', 'Home', '--yes')).code).toBe(0);
  expect(await db.knex('household_members')).toEqual([]);
  expect(await db.knex('properties')).toEqual([]);
});

test('§10.1 check values: the schedule says for each instant whether it is inside', async () => {
  const schedule = 'daily 08:00-18:00; friday 22:00-06:00';
  const inside = async (at: string): Promise<boolean> => {
    const { stdout } = await hs('schedule', schedule, '--at', at, '--json');
    return (JSON.parse(stdout) as { item: { inside: boolean } }).item.inside;
  };
  // 2026-01-15 is a Thursday.
  const instants = ['15 07:59', '15 08:00', '16 10:00', '16 22:00', '17 05:59', '17 06:00', '17 08:00'];
  const found: boolean[] = [];
  for (const at of instants) found.push(await inside(`2026-01-${at}`));
  expect(found).toEqual([false, true, false, true, true, false, true]);
});

test('a schedule is printed as its week, in the zone of the property', async () => {
  await run('properties', 'add', 'Flat', '--timezone', 'Asia/Kolkata', '--household', 'Lake cabin');
  await hs('member', 'add', 'Ben', '--schedule', '{"saturday": "none", "weekends": ["08:00-09:00", "20:00-24:00"]}');
  const { stdout, code } = await hs('schedule', '--member', 'Ben', '--at', '2026-01-18T02:45:00Z');
  expect(code).toBe(0);
  expect(stdout).toContain('sunday     08:00-09:00, 20:00-24:00');
  expect(stdout).toMatch(/saturday +none/);
  expect(stdout).toContain('2026-01-18T08:15:00.000+05:30 (Asia/Kolkata) is inside');
});

test.each([
  [['add', ' '], 'is empty'],
  [['add', 'Lake cabin'], 'already'],
  [['show', 'Lake cabn'], 'did you mean Lake cabin?'],
  [['member', 'add', 'Ben'], 'already'],
  [['member', 'add', 'x', '--role', 'burglar'], 'is not one of resident'],
  [['member', 'add', 'x', '--trust', 'ful'], 'did you mean full?'],
  [['member', 'add', 'x', '--schedule', 'funday 08:00-09:00'], 'is not a day'],
  [['member', 'add', 'x', '--schedule', 'daily 08:00-08:00'], 'begins and ends at the same time'],
  [['member', 'set', 'Ben'], 'nothing says what to change'],
  [['member', 'delete', 'nobody', '--yes'], 'there is no member'],
  [['vehicle', 'add', 'y'.repeat(201)], '200 characters'],
  [['vehicle', 'add', 'x', '--plate', '1'.repeat(21)], '20 characters'],
  [['vehicle', 'add', 'x', '--type', 'boat'], 'is not one of car'],
  [['vehicle', 'set', 'AB1', '--color', 'red'], 'there is no vehicle'],
  [['schedule'], 'which schedule?'],
  [['schedule', 'daily 25:00-26:00'], 'no such time of day'],
  [['schedule', 'daily all_day', '--at', 'noon'], 'not a time'],
  [['schedule', 'daily all_day', '--timezone', 'Berlin'], 'not a time zone'],
])('households %j is a usage error', async (args, message) => {
  expect(await hs(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
