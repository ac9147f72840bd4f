import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openDatabase } from '../../src/db/database.ts';
import { stopEmbedded } from '../../src/db/embedded/stop-embedded.ts';
import { migrationNames } from '../../src/db/migrations/index.ts';
import { migrateDatabase, rollBackDatabase } from '../../src/services/database/change-schema.ts';
import { startLocalServer, stopLocalServer } from '../../src/services/database/local-server.ts';
import { showDatabase } from '../../src/services/database/show-database.ts';

let home: string;

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), `hs-test-${process.pid}-store-`));
  chmodSync(home, 0o755);
});

afterEach(async () => {
  await stopEmbedded(home, { force: true });
  rmSync(home, { recursive: true, force: true });
});

test('asking about a store that does not exist creates nothing', async () => {
  expect(await showDatabase({ home })).toMatchObject({ kind: 'embedded', state: 'not created', schema_version: null, kept_running: false });
  expect(await stopLocalServer({ home }, { force: false })).toBe(false);
  expect(existsSync(path.join(home, 'db'))).toBe(false);
});

test('a kept server outlives its commands; one that is only started ends with the next command', async () => {
  expect(await startLocalServer({ home }, { keep: true })).toMatchObject({ kept: true });
  expect(await showDatabase({ home })).toMatchObject({
    state: 'running',
    kept_running: true,
    schema_version: migrationNames.at(-1),
    pending_migrations: [],
  });
  expect((await showDatabase({ home })).state).toBe('running');
  expect(await stopLocalServer({ home }, { force: false })).toBe(true);
  await startLocalServer({ home }, { keep: false });
  expect((await showDatabase({ home })).state).toBe('running');
  expect((await showDatabase({ home })).state).toBe('stopped');
});

test('a server that is not ours is neither started nor stopped', async () => {
  const target = { home, url: 'postgres://localhost/hs' };
  await expect(startLocalServer(target, { keep: true })).rejects.toMatchObject({ exitCode: 2 });
  await expect(stopLocalServer(target, { force: true })).rejects.toMatchObject({ exitCode: 2 });
});

test('migrations are taken back one by one or all, and only when that was confirmed', async () => {
  const database = await openDatabase({ home, migrate: 'none', serverSettings: { fsync: 'off' } });
  expect(await migrateDatabase(database)).toEqual(migrationNames);
  await expect(rollBackDatabase(database, { all: true, confirmed: false })).rejects.toMatchObject({ exitCode: 2 });
  expect(await rollBackDatabase(database, { all: false, confirmed: true })).toEqual([migrationNames.at(-1)]);
  expect(await migrateDatabase(database)).toEqual([migrationNames.at(-1)]);
  expect(await rollBackDatabase(database, { all: true, confirmed: true })).toHaveLength(migrationNames.length);
  expect(await rollBackDatabase(database, { all: true, confirmed: true })).toEqual([]);
  expect(await rollBackDatabase(database, { all: false, confirmed: true })).toEqual([]);
  await database.close();
});
