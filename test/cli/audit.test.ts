import { afterAll, beforeAll, expect, test } from 'vitest';
import { insertAuditLog } from '../../src/db/models/audit-logs.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';
import { runHs, type HsResult } from '../helpers/run-hs.ts';

let db: TestDatabase;
const run = (...args: string[]): Promise<HsResult> => runHs(args, { env: { HS_DATABASE_URL: db.url, HS_ACTOR: 'alice' }, cwd: '/tmp' });
const log = (...args: string[]): Promise<HsResult> => run('audit', 'log', ...args);
type Item = { id: number; action: string; actor: string; resource_type: string; resource_id: string; status: string; details: object };
const items = async (...args: string[]): Promise<Item[]> => (JSON.parse((await log('--json', ...args)).stdout) as { items: Item[] }).items;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());

test('an empty log says so', async () => {
  expect(await log()).toMatchObject({ code: 0, stdout: 'no audit rows\n', stderr: '' });
});

test('the rows that commands leave come newest first, with what changed', async () => {
  await run('cameras', 'add', 'gate', '--timezone', 'Europe/Berlin');
  await run('cameras', 'set', 'gate', '--name', 'Gate by night');
  await run('properties', 'add', 'Home', '--timezone', 'UTC', '--actor', 'bob');
  expect(await items()).toMatchObject([
    { action: 'settings_changed', resource_type: 'property', actor: 'bob', details: { created: { name: 'Home' } } },
    { action: 'settings_changed', resource_type: 'household', actor: 'bob' },
    {
      action: 'camera_updated',
      resource_type: 'camera',
      resource_id: 'gate',
      actor: 'alice',
      status: 'success',
      details: { changes: [{ column: 'name', from: 'gate', to: 'Gate by night' }] },
    },
    { action: 'camera_created', resource_id: 'gate' },
  ]);
});

test('filters by act, actor, thing, outcome and time of the wall clock', async () => {
  await insertAuditLog(db.knex, {
    action: 'media_exported',
    resource_type: 'export',
    resource_id: 'a:b',
    actor: 'carol',
    status: 'failure',
  });
  await db.knex('audit_logs').where({ actor: 'carol' }).update({ timestamp: '2026-01-05T10:00:00Z' });
  const actions = async (...args: string[]): Promise<string[]> => (await items(...args)).map(({ action }) => action);
  expect(await actions('--action', 'camera_created,CAMERA_UPDATED')).toEqual(['camera_updated', 'camera_created']);
  expect(await actions('--actor', 'bob, carol')).toEqual(['settings_changed', 'settings_changed', 'media_exported']);
  expect(await actions('--resource', 'camera')).toHaveLength(2);
  expect(await actions('--resource', 'export:a:b')).toEqual(['media_exported']);
  expect(await actions('--resource', 'camera:other')).toEqual([]);
  expect(await actions('--status', 'failure')).toEqual(['media_exported']);
  expect(await actions('--since', '1h')).not.toContain('media_exported');
  expect(await actions('--since', '2026-01-05', '--until', '2026-01-05')).toEqual(['media_exported']);
  expect(await actions('--since', '2026-01-05T10:00:00.001Z', '--until', '2026-01-06')).toEqual([]);
  expect(await actions('--limit', '1', '--sort', 'timestamp')).toEqual(['media_exported']);
});

test('CSV and NDJSON hold the details as JSON', async () => {
  const csv = await log('--csv', '--columns', 'action,details', '--resource', 'household');
  expect(csv.stdout).toBe('action,details\nsettings_changed,"{""created"":{""name"":""Home""}}"\n');
  const lines = (await log('--ndjson', '--limit', '2')).stdout.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
    { action: 'settings_changed' },
    {},
    { type: 'summary', count: 2, exit_code: 0 },
  ]);
});

test('an actor or a kind of thing that no row has is remarked on, as an empty list may look like a quiet one', async () => {
  expect(await log('--actor', 'alcie')).toMatchObject({
    code: 0,
    stdout: 'no audit rows\n',
    stderr: expect.stringContaining('did you mean alice?'),
  });
  expect(await log('--resource', 'zone:1')).toMatchObject({ code: 0, stderr: expect.stringContaining('--resource: nothing has zone') });
  expect((await log('--actor', 'alice', '--quiet')).stderr).toBe('');
});

test.each([
  [['--action', 'camera_create'], 'did you mean camera_created?'],
  [['--status', 'ok'], 'is not one of success, failure'],
  [['--since', 'yesterday'], 'is not a time'],
  [['--since', '2026-02-01', '--until', '2026-01-01'], 'is later than'],
  [['--sort', 'details'], 'not a sort order'],
  [['--columns', 'who'], 'there is no column'],
])('audit log %j is a usage error', async (args, message) => {
  expect(await log(...args)).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
});
