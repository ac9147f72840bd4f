import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, mkdir, opendir, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { isAlive, MACHINE } from '../../lib/processes.ts';

const FOLDER_MODE = 0o700;
const FILE_MODE = 0o600;
const DAY_MS = 86_400_000;

/** After making room so much of the cap is free: the folder is not read for every file. */
const FREE_SHARE = 0.1;
/** Room is made when less than this share is free. */
const LEAST_SHARE = 0.05;
/** Of the free room one process takes so much before it looks again: others fill the folder, too. */
const OWN_SHARE = 1 / 8;

/** A number of a process that ended may be given again, in a container at once. */
const RUN = randomBytes(4).toString('hex');

type Entry = { name: string; sizeBytes: number; usedAtMs: number };

/** A copy's own name is a hash and a suffix; `.use` says that somebody reads it, `.tmp` is on its way. */
const BESIDE = /^([0-9a-f]{64}[.0-9a-z]*)\.([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-([0-9a-f]{12})\.(use|tmp)$/;

/** A name beside a copy that says who it belongs to. */
export function nameBeside(name: string, ending: 'use' | 'tmp'): string {
  return `${name}.${MACHINE}-${String(process.pid)}-${RUN}-${randomBytes(6).toString('hex')}.${ending}`;
}

/** Says that a copy is read, until the returned function is called. Works before the copy is there. */
export async function markInUse(folder: string, name: string): Promise<() => Promise<void>> {
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  const path = join(folder, nameBeside(name, 'use'));
  await writeFile(path, '', { flag: 'wx', mode: FILE_MODE });
  return async () => {
    await unlink(path).catch(() => undefined);
  };
}

/**
 * Makes room in a folder that any number of processes fill. What was used longest ago goes first, what somebody reads stays, what a killed process
 * left goes. Where all that is there is in use the cap is exceeded for as long.
 */
export function createRoomMaker(folder: string, capBytes: number): (sizeBytes: number) => Promise<void> {
  let ownBytes = 0;
  return async (sizeBytes) => {
    if (sizeBytes > ownBytes) {
      const freeBytes = await makeRoom(folder, capBytes, sizeBytes);
      ownBytes = Math.max(sizeBytes, freeBytes * OWN_SHARE);
    }
    ownBytes -= sizeBytes;
  };
}

/** Returns how much is free then. */
async function makeRoom(folder: string, capBytes: number, sizeBytes: number): Promise<number> {
  const { copies, inUse, unfinishedBytes } = await readCache(folder);
  let usedBytes = unfinishedBytes + copies.reduce((sum, copy) => sum + copy.sizeBytes, 0);
  if (usedBytes + sizeBytes <= capBytes * (1 - LEAST_SHARE)) return capBytes - usedBytes;
  const wantedBytes = Math.min(capBytes * (1 - FREE_SHARE), capBytes - sizeBytes);
  for (const copy of copies.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (usedBytes <= wantedBytes) break;
    if (!inUse.has(copy.name) && (await removeUnused(folder, copy))) usedBytes -= copy.sizeBytes;
  }
  return capBytes - usedBytes;
}

/** Somebody may have begun to read it since the folder was read. */
async function removeUnused(folder: string, { name, usedAtMs }: Entry): Promise<boolean> {
  const path = join(folder, name);
  const stats = await lstat(path).catch(() => undefined);
  if (stats !== undefined && stats.mtimeMs !== usedAtMs) return false;
  await unlink(path).catch(() => undefined);
  return true;
}

type Cache = { copies: Entry[]; inUse: Set<string>; unfinishedBytes: number };

async function readCache(folder: string): Promise<Cache> {
  const cache: Cache = { copies: [], inUse: new Set(), unfinishedBytes: 0 };
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  for await (const { name } of await opendir(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() !== true) continue;
    const [, copy, machine, pid, run, , ending] = BESIDE.exec(name) ?? [];
    if (copy === undefined) cache.copies.push({ name, sizeBytes: stats.size, usedAtMs: stats.mtimeMs });
    else if (isLeft({ machine, pid: Number(pid), run }, stats)) await unlink(path).catch(() => undefined);
    else if (ending === 'use') cache.inUse.add(copy);
    else cache.unfinishedBytes += stats.size;
  }
  return cache;
}

type Maker = { machine: string | undefined; pid: number; run: string | undefined };

/** Whether the process that made it is gone; of another machine with the same folder only its age can tell. */
function isLeft({ machine, pid, run }: Maker, { mtimeMs }: Stats): boolean {
  if (machine !== MACHINE) return Date.now() - mtimeMs > DAY_MS;
  return pid === process.pid ? run !== RUN : !isAlive(pid);
}
