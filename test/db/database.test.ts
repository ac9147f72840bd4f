import { existsSync } from 'node:fs';
import net from 'node:net';

import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDatabase } from '../../src/db/database.ts';
import { migrationNames } from '../../src/db/migrations/index.ts';
import { createTestDatabase, type TestDatabase } from '../helpers/database.ts';

const HOME = '/nonexistent';
let own: TestDatabase;

beforeAll(async () => {
  own = await createTestDatabase();
});

afterAll(async () => {
  await own.drop();
});

test('ids and counts are numbers, and one that a number cannot hold is refused', async () => {
  const { rows } = await own.knex.raw<{ rows: unknown[] }>(`SELECT 9007199254740991::int8 AS id, count(*), '{1,NULL,3}'::int8[] AS ids`);
  expect(rows).toEqual([{ id: Number.MAX_SAFE_INTEGER, count: 1, ids: [1, null, 3] }]);
  await expect(own.knex.raw('SELECT 9007199254740992::int8')).rejects.toThrow('beyond 2^53 - 1');
  await expect(own.knex.raw(`SELECT '{-9007199254740992}'::int8[]`)).rejects.toThrow('beyond 2^53 - 1');
});

test('an instant survives the round trip to the millisecond, on every connection in UTC', async () => {
  const at = new Date('2026-03-29T01:59:59.999Z');
  const rows = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const { rows } = await own.knex.raw<{ rows: { at: Date; text: string }[] }>(
        `SELECT ?::timestamptz(3) AS at, (?::timestamptz)::text AS text`,
        [at, at],
      );
      return rows[0];
    }),
  );
  for (const row of rows) expect(row).toEqual({ at, text: '2026-03-29 01:59:59.999+00' });
});

test('a server whose schema is behind is refused with exit code 10 and the way out', async () => {
  const empty = await createTestDatabase({ migrated: false });
  for (const migrate of ['auto', 'require'] as const) {
    await expect(openDatabase({ url: empty.url, home: HOME, migrate })).rejects.toMatchObject({
      exitCode: 10,
      code: 'schema_behind',
      hint: 'run: hs db migrate',
    });
  }
  await empty.drop();
});

test('a server whose schema is newer is refused with exit code 10', async () => {
  const newer = await createTestDatabase();
  await newer.knex('knex_migrations').insert({ name: '29990101000000_from_the_future', batch: 2, migration_time: new Date() });
  await expect(openDatabase({ url: newer.url, home: HOME, migrate: 'require' })).rejects.toMatchObject({
    exitCode: 10,
    code: 'schema_ahead',
  });
  await newer.drop();
});

test('a current server opens, and nothing is created at home', async () => {
  const database = await openDatabase({ url: own.url, home: HOME, migrate: 'auto' });
  expect(database.kind).toBe('server');
  expect(await database.knex('knex_migrations').pluck('name')).toEqual(migrationNames);
  await database.close();
  expect(existsSync(HOME)).toBe(false);
});

const SECRET = 'geheim-%24-wort';

test.each([
  ['nobody listens', () => `postgres://hs:${SECRET}@127.0.0.1:1/hs`, 5],
  ['the name has no address', () => `postgres://hs:${SECRET}@no-such-host.invalid/hs`, 5],
  ['it is no URL', () => `postgres://hs:${SECRET}@[broken/hs`, 2],
  ['it is another kind of URL', () => `mysql://hs:${SECRET}@localhost/hs`, 2],
  ['it is empty', () => '', 2],
  ['the database does not exist', () => own.url.replace(/\/hs_test_\w+/, '/no_such_database'), 10],
])('a URL where %s ends in one line without the password', async (_, url, exitCode) => {
  const error: unknown = await openDatabase({ url: url(), home: HOME, migrate: 'require' }).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ exitCode });
  const { message, hint } = error as { message: string; hint: string };
  expect(message).not.toContain('\n');
  for (const text of [message, hint]) expect(text).not.toMatch(/geheim/);
  expect(hint).not.toBe('');
});

test('a server that accepts and stays silent is given up', { timeout: 30_000 }, async () => {
  const silent = net.createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const { port } = silent.address() as net.AddressInfo;
  await expect(openDatabase({ url: `postgres://hs@127.0.0.1:${port}/hs`, home: HOME, migrate: 'require' })).rejects.toMatchObject({
    exitCode: 5,
  });
  silent.close();
});

test('what knex wants to say goes to the log and not to stdout', async () => {
  const said: string[] = [];
  const database = await openDatabase({ url: own.url, home: HOME, migrate: 'none', log: (message) => said.push(message) });
  (database.knex.client as { logger: { warn(message: string): void } }).logger.warn('a remark');
  expect(said).toEqual(['a remark']);
  await database.close();
});
