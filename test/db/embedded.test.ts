import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { openDatabase, type Database } from '../../src/db/database.ts';
import { copyPrograms } from '../../src/db/embedded/server-binaries.ts';
import { keepRunning } from '../../src/db/embedded/keep-running.ts';
import { readServerPid, readServerState } from '../../src/db/embedded/server-state.ts';
import { readEmbeddedStatus, stopEmbedded } from '../../src/db/embedded/stop-embedded.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';

let home: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), `hs-test-${process.pid}-store-`));
  chmodSync(home, 0o755);
});

afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await stopEmbedded(home, { force: true });
  rmSync(home, { recursive: true, force: true });
});

const open = (): Promise<Database> => openDatabase({ home, migrate: 'auto', serverSettings: { fsync: 'off' } });
const state = (): Promise<string> => readServerState(layOutStore(home));
const countRows = async (database: Database): Promise<number> => (await database.knex('households')).length;

/** A process of its own that has added its row and stays until told to leave. */
async function startUser(): Promise<{ child: ChildProcess; leave(): Promise<void> }> {
  const script = path.join(import.meta.dirname, '../helpers/use-store.ts');
  const child = spawn(process.execPath, ['--import', 'tsx', script, home], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])) as [Buffer | number];
  expect(String(line)).toBe('added\n');
  const leave = async (): Promise<void> => {
    child.stdin.end();
    const [code] = (await once(child, 'exit')) as [number];
    expect(code).toBe(0);
  };
  return { child, leave };
}

test('a first command creates the store and the last one out stops the server', async () => {
  expect(await readEmbeddedStatus(home)).toMatchObject({ state: 'down', pid: undefined });
  const first = await open();
  expect(first).toMatchObject({ kind: 'embedded', describe: `the local database at ${home}/db` });
  const second = await open();
  await first.close();
  expect(await state()).toBe('ready');
  expect(await countRows(second)).toBe(0);
  await second.close();
  expect(await state()).toBe('down');
  expect(existsSync(layOutStore(home).lockFile)).toBe(false);
});

test('opens no TCP port and lets nobody else at its folder', async () => {
  const database = await open();
  const { rows } = await database.knex.raw<{ rows: Record<string, string>[] }>(
    `SELECT current_setting('listen_addresses') AS addresses, current_setting('unix_socket_permissions') AS mode,
            current_setting('TimeZone') AS zone, current_setting('fsync') AS fsync, current_setting('max_locks_per_transaction') AS locks`,
  );
  expect(rows[0]).toEqual({ addresses: '', mode: '0700', zone: 'UTC', fsync: 'off', locks: '256' });
  expect(statSync(path.join(home, 'db')).mode & 0o777).toBe(0o700);
  await database.close();
});

test('six processes that start at once on an empty folder share one store', async () => {
  const users = await Promise.all(Array.from({ length: 6 }, startUser));
  const database = await open();
  expect(await countRows(database)).toBe(6);
  await Promise.all([database.close(), ...users.map((user) => user.leave())]);
  await expect.poll(state).toBe('down');
  const left = readdirSync(path.join(home, 'db')).filter((name) => !name.startsWith('pg'));
  expect(left.sort()).toEqual(['data', 'log', 's']);
});

test('a command that is killed leaves its row, and the next one out stops the server', async () => {
  const user = await startUser();
  user.child.kill('SIGKILL');
  await once(user.child, 'exit');
  const database = await open();
  expect(await countRows(database)).toBe(1);
  await database.close();
  expect(await state()).toBe('down');
});

test('opens again after the server was killed', async () => {
  const before = await open();
  await before.knex('households').insert({ name: 'acknowledged' });
  process.kill(readServerPid(layOutStore(home))!, 'SIGKILL');
  await expect.poll(state).toBe('down');
  await before.close();
  const after = await open();
  expect(await countRows(after)).toBe(1);
  await after.close();
});

test.each([
  ['names a live process that is not the server', () => `${process.pid}\n${home}/db/data\n1\n5432\n${home}/db/s\n\n\nready   \n`],
  ['names a process that is gone', () => `999999\n${home}/db/data\n1\n5432\n${home}/db/s\n\n\nready   \n`],
  ['is empty', () => ''],
])('a lock file that %s does not keep the store shut', async (_, content) => {
  await (await open()).close();
  const { lockFile } = layOutStore(home);
  writeFileSync(lockFile, content());
  utimesSync(lockFile, new Date(0), new Date(0));
  const database = await open();
  expect(await countRows(database)).toBe(0);
  await database.close();
});

test('a server that is kept runs until it is stopped', async () => {
  const database = await open();
  keepRunning(home);
  await expect(stopEmbedded(home, { force: false })).rejects.toMatchObject({ exitCode: 11 });
  keepRunning(home);
  await database.close();
  expect(await state()).toBe('ready');
  expect(await stopEmbedded(home, { force: false })).toBe(true);
  expect(await stopEmbedded(home, { force: false })).toBe(false);
});

test('a store in a folder with a very long path puts its socket elsewhere', async () => {
  const short = home;
  home = path.join(short, 'x'.repeat(100));
  mkdirSync(home, { mode: 0o755 });
  const database = await open();
  expect(await countRows(database)).toBe(0);
  await database.close();
  rmSync(layOutStore(home).socketFolder, { recursive: true, force: true });
  rmSync(short, { recursive: true, force: true });
});

test('programs that lost their symlinks and modes in the package are complete in the store', () => {
  const native = path.join(home, 'native');
  for (const folder of ['bin', 'lib']) mkdirSync(path.join(native, folder), { recursive: true, mode: 0o700 });
  writeFileSync(path.join(native, 'bin/postgres'), 'program', { mode: 0o600 });
  writeFileSync(path.join(native, 'lib/libx.so.60.2'), 'library', { mode: 0o600 });
  writeFileSync(path.join(native, 'lib/libx.a'), 'not needed');
  const links = [{ source: 'native/lib/libx.so.60.2', target: 'native/lib/libx.so.60' }];
  writeFileSync(path.join(native, 'pg-symlinks.json'), JSON.stringify(links));
  const target = path.join(home, 'copy');
  copyPrograms(native, target);
  const modeOf = (name: string): number => statSync(path.join(target, name)).mode & 0o555;
  expect(modeOf('bin')).toBe(0o555);
  expect(modeOf('bin/postgres')).toBe(0o555);
  expect(modeOf('lib/libx.so.60')).toBe(0o444);
  expect(readlinkSync(path.join(target, 'lib/libx.so.60'))).toBe('libx.so.60.2');
  expect(readdirSync(path.join(target, 'lib')).sort()).toEqual(['libx.so.60', 'libx.so.60.2']);
  copyPrograms(native, target); // a second process that lost the race
  expect(readdirSync(home).sort()).toEqual(['copy', 'native']);
});

const SYSTEM_PROGRAMS = ['18', '17', '16', '15'].map((major) => `/usr/lib/postgresql/${major}/bin`).find((folder) => existsSync(folder));

test.runIf(SYSTEM_PROGRAMS !== undefined)('runs on the server programs of the system when told so', async () => {
  const database = await openDatabase({ home, migrate: 'auto', pgBin: SYSTEM_PROGRAMS, serverSettings: { fsync: 'off' } });
  expect(await countRows(database)).toBe(0);
  expect(readdirSync(path.join(home, 'db')).sort()).toEqual(['data', 'log', 's']);
  await database.close();
});

test('a folder without server programs is refused with what to do', async () => {
  await expect(openDatabase({ home, migrate: 'auto', pgBin: '/nonexistent' })).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringContaining('/nonexistent') as string,
  });
});

test('refuses a data folder of another PostgreSQL and says what to do', async () => {
  await (await open()).close();
  const { data } = layOutStore(home);
  writeFileSync(path.join(data, 'PG_VERSION'), '17\n');
  await expect(open()).rejects.toMatchObject({ exitCode: 10, message: expect.stringContaining('PostgreSQL 17') as string });
});

test('says where the log is when the server cannot start', async () => {
  await (await open()).close();
  writeFileSync(path.join(layOutStore(home).data, 'postgresql.auto.conf'), 'no_such_setting = 1\n');
  const { openEmbedded } = await import('../../src/db/embedded/open-embedded.ts');
  await expect(openEmbedded({ home, waitMs: 1500 })).rejects.toMatchObject({
    exitCode: 5,
    message: expect.stringContaining(`${home}/db/log`) as string,
  });
  expect(readFileSync(layOutStore(home).log, 'utf8')).toContain('no_such_setting');
});

test.runIf(process.getuid?.() === 0)('as root, a store below a folder that nobody else may enter is refused in one line', async () => {
  const closed = path.join(home, 'closed');
  mkdirSync(closed, { mode: 0o700 });
  await expect(openDatabase({ home: path.join(closed, 'home'), migrate: 'auto' })).rejects.toMatchObject({
    exitCode: 6,
    message: expect.stringMatching(/cannot enter .*closed$/) as string,
  });
});

test.runIf(process.getuid?.() === 0)('as root, an account that does not exist is refused', async () => {
  await expect(openDatabase({ home, migrate: 'auto', pgUser: 'no-such-user' })).rejects.toMatchObject({ exitCode: 6 });
  await expect(openDatabase({ home, migrate: 'auto', pgUser: 'root' })).rejects.toMatchObject({ exitCode: 6 });
});
