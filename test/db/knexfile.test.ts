import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, expect, test } from 'vitest';

import { openDatabase } from '../../src/db/database.ts';
import { readServerState } from '../../src/db/embedded/server-state.ts';
import { stopEmbedded } from '../../src/db/embedded/stop-embedded.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { migrateToLatest, readSchemaState } from '../../src/db/migrate.ts';
import { migrationNames } from '../../src/db/migrations/index.ts';
import { createTestDatabase } from '../helpers/database.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const NEWEST = migrationNames.at(-1)!;
const endings: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

type KnexResult = { code: number; stdout: string; stderr: string };

function runKnex(args: string[], env: NodeJS.ProcessEnv): Promise<KnexResult> {
  const { PATH, HOME } = process.env;
  const program = [path.join(ROOT, 'node_modules/knex/bin/cli.js'), '--knexfile', 'knexfile.ts', ...args];
  return new Promise((resolve) => {
    const options = { cwd: ROOT, env: { PATH, HOME, HS_HOME: '/nonexistent/hs-home', NO_COLOR: '1', ...env } };
    execFile(process.execPath, ['--import', 'tsx', ...program], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function waitUntilStopped(home: string): Promise<void> {
  await expect.poll(() => readServerState(layOutStore(home)), { timeout: 20_000 }).toBe('down');
}

test('Knex’s own command line and hs agree on a server about what is applied', async () => {
  const own = await createTestDatabase({ migrated: false });
  endings.push(() => own.drop());
  const env = { HS_DATABASE_URL: own.url };
  const pending = await runKnex(['migrate:list'], env);
  expect(pending).toMatchObject({ code: 0, stdout: expect.stringContaining(`Found ${migrationNames.length} Pending`) });
  expect(pending.stdout).toContain(NEWEST);
  expect(await runKnex(['migrate:latest'], env)).toMatchObject({ code: 0 });
  expect(await readSchemaState(own.knex)).toEqual({ applied: [...migrationNames], pending: [], unknown: [] });
  expect(await migrateToLatest(own.database)).toEqual([]);
  expect(await runKnex(['migrate:status'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('No Pending') });
  expect(await runKnex(['migrate:down'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining(NEWEST) });
  expect(await migrateToLatest(own.database)).toEqual([NEWEST]);
  expect(await runKnex(['migrate:rollback', '--all'], { DATABASE_URL: own.url })).toMatchObject({ code: 0 });
  expect((await readSchemaState(own.knex)).applied).toEqual([]);
});

test('without a server it works on the local database, which it starts and stops', async () => {
  const home = mkdtempSync(path.join(os.tmpdir(), `hs-test-${process.pid}-knexfile-`));
  chmodSync(home, 0o755); // as root the server runs as another account and must get through
  endings.push(async () => {
    await stopEmbedded(home, { force: true });
    rmSync(home, { recursive: true, force: true });
  });
  const env = { HS_HOME: home };
  expect(await runKnex(['migrate:latest'], env)).toMatchObject({ code: 0 });
  await waitUntilStopped(home);
  const database = await openDatabase({ home, migrate: 'require' });
  expect(await runKnex(['migrate:status'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('No Pending') });
  expect((await readSchemaState(database.knex)).applied).toEqual(migrationNames);
  await database.close();
  expect(await runKnex(['migrate:rollback'], env)).toMatchObject({ code: 0, stdout: expect.stringContaining('rolled back') });
  await waitUntilStopped(home);
});

test('a server that does not answer fails without its password in the output', async () => {
  const { code, stdout, stderr } = await runKnex(['migrate:status'], { HS_DATABASE_URL: 'postgres://hs:geheim@127.0.0.1:1/hs' });
  expect(code).toBe(1);
  expect(stdout + stderr).toContain('ECONNREFUSED');
  expect(stdout + stderr).not.toContain('geheim');
});
