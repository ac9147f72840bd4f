import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

import { SchemaError, TemporaryError, UnavailableError } from '../../errors/hs-error.ts';
import type { ServerAccount } from './server-account.ts';
import type { ServerBinaries } from './server-binaries.ts';
import type { StoreLayout } from './store-layout.ts';

export const SUPERUSER = 'hs';

/** fsync and synchronous_commit stay on: what was acknowledged survives a power cut. */
const SETTINGS: Record<string, string | number> = {
  listen_addresses: `''`,
  unix_socket_permissions: '0700',
  max_connections: 40,
  shared_buffers: `'128MB'`,
  // an unpruned query locks every monthly partition and each of its indexes
  max_locks_per_transaction: 256,
  wal_level: 'minimal',
  max_wal_senders: 0,
  max_wal_size: `'256MB'`,
  min_wal_size: `'48MB'`,
  jit: 'off',
  random_page_cost: 1.1,
  timezone: `'UTC'`,
  log_timezone: `'UTC'`,
  logging_collector: 'off',
  log_min_messages: 'warning',
  recovery_init_sync_method: process.platform === 'linux' ? 'syncfs' : 'fsync',
  // systemd-logind deletes the POSIX shared memory of a user who logged out, under the running server
  dynamic_shared_memory_type: 'mmap',
};

export type ClusterOptions = { layout: StoreLayout; binaries: ServerBinaries; account: ServerAccount | undefined };

/** Creates the data folder unless it is there. It appears by one rename: a kill in between leaves nothing half made. */
export async function ensureCluster(options: ClusterOptions): Promise<void> {
  const { layout, binaries } = options;
  if (existsSync(path.join(layout.data, 'PG_VERSION'))) {
    assertSameMajor(layout, binaries);
    return;
  }
  removeAbandonedFolders(layout.home);
  const temporary = path.join(layout.home, `init.${String(process.pid)}.${randomBytes(3).toString('hex')}`);
  try {
    await runInitdb(options, temporary);
    appendFileSync(path.join(temporary, 'postgresql.conf'), settingsText());
    renameSync(temporary, layout.data);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(path.join(layout.data, 'PG_VERSION'))) throw error; // otherwise another process was faster
  }
}

function assertSameMajor(layout: StoreLayout, binaries: ServerBinaries): void {
  const major = Number.parseInt(readFileSync(path.join(layout.data, 'PG_VERSION'), 'utf8'), 10);
  if (major === binaries.major) return;
  throw new SchemaError(
    'store_of_another_postgres',
    `the store at ${layout.home} was made by PostgreSQL ${String(major)}, this is PostgreSQL ${String(binaries.major)}`,
    { hint: `point database.pg_bin at the server programs of PostgreSQL ${String(major)}` },
  );
}

const ABANDONED_AFTER_MS = 3_600_000;

function removeAbandonedFolders(home: string): void {
  for (const name of readdirSync(home)) {
    const folder = path.join(home, name);
    const isOurs = /^init\.|\.tmp-/.test(name);
    const stat = isOurs ? statSync(folder, { throwIfNoEntry: false }) : undefined;
    if (stat !== undefined && Date.now() - stat.mtimeMs > ABANDONED_AFTER_MS) rmSync(folder, { recursive: true, force: true });
  }
}

function settingsText(): string {
  const lines = Object.entries(SETTINGS).map(([name, value]) => `${name} = ${String(value)}`);
  return `\n# hs\n${lines.join('\n')}\n`;
}

async function runInitdb({ binaries, account }: ClusterOptions, target: string): Promise<void> {
  const locale = binaries.major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'] : [];
  const args = ['-D', target, '-U', SUPERUSER, '-A', 'trust', '-E', 'UTF8', ...locale, '--locale=C', '--no-instructions'];
  const { code, output } = await runProgram(binaries.initdb, args, account);
  if (code === 0) return;
  if (output.includes('No space left on device')) {
    throw new TemporaryError('disk_full', `there is no room for the local database at ${path.dirname(target)}`, {
      hint: 'free some disk space and run again',
    });
  }
  throw new UnavailableError('initdb_failed', `the local database could not be created: ${lastLine(output)}`, {
    hint: 'set database.url (HS_DATABASE_URL) to a PostgreSQL server, or database.pg_bin to installed server programs',
  });
}

function lastLine(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /error|fatal|cannot|could not/i.test(line)) ?? lines.at(-1) ?? 'no output';
}

/** Environment and identity of the server's own programs; the folder must be one that its account can enter. */
export function spawnOptions(account: ServerAccount | undefined): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
  return account === undefined ? { cwd: '/', env } : { uid: account.uid, gid: account.gid, cwd: '/', env };
}

function runProgram(program: string, args: string[], account: ServerAccount | undefined): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { ...spawnOptions(account), stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, output });
    });
  });
}
