import { spawn, type ChildProcess } from 'node:child_process';
import { chmodSync, chownSync, closeSync, lstatSync, mkdirSync, openSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { TemporaryError, UnavailableError } from '../../errors/hs-error.ts';
import { ensureCluster, spawnOptions, type ClusterOptions } from './create-cluster.ts';
import { assertEnterable, findServerAccount, type ServerAccount } from './server-account.ts';
import { findSystemBinaries, materialiseBinaries } from './server-binaries.ts';
import { readServerState } from './server-state.ts';
import { removeStaleLockFile } from './stale-lock-file.ts';
import type { StoreLayout } from './store-layout.ts';

export type ServerOptions = {
  /** Folder of installed server programs, instead of those that came with hs. */
  pgBin?: string | undefined;
  /** Account to run the server as when hs runs as root. */
  pgUser?: string | undefined;
  /** Further server settings for this start, e.g. `{fsync: 'off'}` in tests. */
  serverSettings?: Readonly<Record<string, string>> | undefined;
};

type StartOptions = ServerOptions & { layout: StoreLayout; deadlineMs: number };

const POLL_MS = 8;

/** Makes sure that the server of this store answers: creates what is missing, starts it, waits until it is ready. */
export async function ensureServer(options: StartOptions): Promise<void> {
  if ((await readState(options.layout)) === 'ready') return;
  const account = findServerAccount(options.pgUser);
  assertPlatform();
  makeFolders(options.layout, account);
  const binaries = options.pgBin === undefined ? materialiseBinaries(options.layout.home) : findSystemBinaries(options.pgBin);
  const cluster = { layout: options.layout, binaries, account };
  await ensureCluster(cluster);
  await startUntilReady(options, cluster);
}

async function readState(layout: StoreLayout): Promise<Awaited<ReturnType<typeof readServerState>>> {
  try {
    return await readServerState(layout);
  } catch (error) {
    throw new UnavailableError('store_not_readable', `the store at ${layout.home} belongs to another account`, {
      hint: 'run hs as that account, choose another home (HS_HOME), or set database.url',
      cause: error,
    });
  }
}

function assertPlatform(): void {
  if (process.platform !== 'win32') return;
  throw new UnavailableError('embedded_unsupported', 'the embedded database does not run on Windows yet', {
    hint: 'set database.url (HS_DATABASE_URL) to a PostgreSQL server',
  });
}

function makeFolders(layout: StoreLayout, account: ServerAccount | undefined): void {
  try {
    makeHome(path.dirname(layout.home), account);
    assertEnterable(layout.home, account);
    for (const folder of [layout.home, layout.socketFolder]) makePrivateFolder(folder, account);
  } catch (error) {
    if (error instanceof UnavailableError) throw error;
    throw new UnavailableError('store_not_writable', `the store at ${layout.home} cannot be created: ${(error as Error).message}`, {
      hint: 'choose another home (HS_HOME), or set database.url',
      cause: error,
    });
  }
}

const ENTERABLE = 0o711;

/** As root the server's account has to get through the folders that lead to the store, whatever the umask says. */
function makeHome(home: string, account: ServerAccount | undefined): void {
  const firstMade = mkdirSync(home, { recursive: true, mode: account === undefined ? 0o700 : ENTERABLE });
  if (account === undefined) return;
  if (firstMade !== undefined) {
    for (let folder = home; folder.length >= firstMade.length; folder = path.dirname(folder)) chmodSync(folder, ENTERABLE);
    return;
  }
  const { mode, uid } = statSync(home);
  const isOurs = uid === process.getuid?.() && home !== os.homedir();
  if (isOurs && (mode & 0o001) === 0) chmodSync(home, (mode & 0o777) | 0o011);
}

/** The socket's folder may lie in /tmp, where anyone can be first: one that is not the server's own is refused. */
function makePrivateFolder(folder: string, account: ServerAccount | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  assertOurs(folder, account);
  if (account !== undefined) chownSync(folder, account.uid, account.gid);
  if ((lstatSync(folder).mode & 0o777) !== 0o700) chmodSync(folder, 0o700);
}

function assertOurs(folder: string, account: ServerAccount | undefined): void {
  const stat = lstatSync(folder);
  const owners = [process.getuid?.() ?? 0, account?.uid];
  if (stat.isDirectory() && owners.includes(stat.uid)) return;
  throw new UnavailableError('store_not_ours', `${folder} belongs to another account`, {
    hint: 'remove it, choose another home (HS_HOME), or set database.url',
  });
}

async function startUntilReady(options: StartOptions, cluster: ClusterOptions): Promise<void> {
  const { layout, deadlineMs } = options;
  let child: ChildProcess | undefined;
  for (;;) {
    const state = await readServerState(layout);
    if (state === 'ready') return;
    if (state === 'down' && !isRunning(child)) {
      if (child !== undefined) await clearTheWay(layout);
      child = spawnServer(cluster, options.serverSettings ?? {});
    }
    if (Date.now() > deadlineMs) {
      throw new TemporaryError('local_database_not_starting', `the local database does not start; see ${layout.log}`);
    }
    await sleep(POLL_MS);
  }
}

function isRunning(child: ChildProcess | undefined): boolean {
  return child?.exitCode === null && child.signalCode === null && child.pid !== undefined;
}

/** The server we started gave up: a leftover lock file, or another process that starts or stops one at this moment. */
async function clearTheWay(layout: StoreLayout): Promise<void> {
  removeStaleLockFile(layout.lockFile, layout.data);
  removeStaleLockFile(`${layout.socket}.lock`, layout.data);
  await sleep(50 + 100 * Math.random());
}

function spawnServer({ layout, binaries, account }: ClusterOptions, settings: Readonly<Record<string, string>>): ChildProcess {
  const log = openLog(layout.log);
  const extra = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(binaries.postgres, ['-D', layout.data, '-k', layout.socketFolder, ...extra], {
    ...spawnOptions(account),
    detached: true,
    stdio: ['ignore', log, log],
  });
  child.on('error', () => {
    // isRunning() sees that it has no pid; the deadline reports
  });
  child.unref();
  closeSync(log);
  return child;
}

const MAX_LOG_BYTES = 10 * 1024 * 1024;

/** The server's output is appended; a log that grew large starts anew. */
function openLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  return openSync(file, size > MAX_LOG_BYTES ? 'w' : 'a', 0o600);
}
