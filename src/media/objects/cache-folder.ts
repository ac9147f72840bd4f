import { randomBytes } from 'node:crypto';
import type { Stats } from 'node:fs';
import { link, lstat, mkdir, open, opendir, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';

import { isAlive, MACHINE } from '../../lib/processes.ts';
import { createTurns } from '../still/in-turn.ts';

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

/** Makes room for a file, then lets `take` put it there in its full size, so that whoever is next counts it. */
export type RoomMaker = <Taken>(sizeBytes: number, take: () => Promise<Taken>) => Promise<Taken>;

type Entry = { name: string; sizeBytes: number; usedAtMs: number };

/** A copy's own name is a hash and a suffix; `.use` is a second name for as long as somebody reads it, `.tmp` is on its way. */
const BESIDE = /^[0-9a-f]{64}(?:\.[0-9a-z]+)?\.([0-9a-f]{8})-(\d+)-([0-9a-f]{8})-[0-9a-f]{12}\.(use|tmp)(?:\.[0-9a-z]+)?$/;

/** A name beside a copy that says who it belongs to. */
export function nameBeside(name: string, ending: 'use' | 'tmp'): string {
  return `${name}.${MACHINE}-${String(process.pid)}-${RUN}-${randomBytes(6).toString('hex')}.${ending}${extname(name)}`;
}

/** A second name of a copy, under which it stays whoever makes room meanwhile; it counts as used now. Undefined where there is no such copy. */
export async function linkInUse(folder: string, name: string): Promise<string | undefined> {
  const path = join(folder, nameBeside(name, 'use'));
  try {
    await link(join(folder, name), path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  const now = new Date();
  await utimes(path, now, now);
  return path;
}

/** A new file of this size, closed to others. */
export async function openSized(path: string, sizeBytes: number): Promise<FileHandle> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const file = await open(path, 'wx', FILE_MODE);
  await file.truncate(sizeBytes).catch(async (error: unknown) => {
    await file.close();
    throw error;
  });
  return file;
}

/**
 * Makes room in a folder that any number of processes fill. What was used longest ago goes first, what somebody reads stays, what a killed process
 * left goes. Where all that is there is in use the cap is exceeded for as long.
 */
export function createRoomMaker(folder: string, capBytes: number): RoomMaker {
  const inTurn = createTurns();
  let ownBytes = 0;
  return (sizeBytes, take) =>
    inTurn(async () => {
      if (sizeBytes > ownBytes) {
        const freeBytes = await makeRoom(folder, capBytes, sizeBytes);
        ownBytes = Math.max(sizeBytes, freeBytes * OWN_SHARE);
      }
      ownBytes -= sizeBytes;
      return take();
    });
}

/** Returns how much is free then. */
async function makeRoom(folder: string, capBytes: number, sizeBytes: number): Promise<number> {
  const { copies, otherBytes } = await readCache(folder);
  let usedBytes = otherBytes + copies.reduce((sum, copy) => sum + copy.sizeBytes, 0);
  if (usedBytes + sizeBytes <= capBytes * (1 - LEAST_SHARE)) return capBytes - usedBytes;
  const wantedBytes = Math.min(capBytes * (1 - FREE_SHARE), capBytes - sizeBytes);
  for (const copy of copies.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
    if (usedBytes <= wantedBytes) break;
    if (await removeUnused(folder, copy)) usedBytes -= copy.sizeBytes;
  }
  return capBytes - usedBytes;
}

/** Whoever reads it has a second name of it. */
async function removeUnused(folder: string, { name, usedAtMs }: Entry): Promise<boolean> {
  const path = join(folder, name);
  const stats = await lstat(path).catch(() => undefined);
  if (stats !== undefined && (stats.nlink > 1 || stats.mtimeMs !== usedAtMs)) return false;
  await unlink(path).catch(() => undefined);
  return true;
}

/** `otherBytes`: of what is on its way, and of what is read and has lost its own name. */
type Cache = { copies: Entry[]; otherBytes: number };

async function readCache(folder: string): Promise<Cache> {
  const cache: Cache = { copies: [], otherBytes: 0 };
  await mkdir(folder, { recursive: true, mode: FOLDER_MODE });
  for await (const { name } of await opendir(folder)) {
    const path = join(folder, name);
    const stats = await lstat(path).catch(() => undefined);
    if (stats?.isFile() !== true) continue;
    const [beside, machine, pid, run] = BESIDE.exec(name) ?? [];
    if (beside === undefined) cache.copies.push({ name, sizeBytes: stats.size, usedAtMs: stats.mtimeMs });
    else if (isLeft({ machine, pid: Number(pid), run }, stats)) await unlink(path).catch(() => undefined);
    else if (stats.nlink === 1) cache.otherBytes += stats.size;
  }
  return cache;
}

type Maker = { machine: string | undefined; pid: number; run: string | undefined };

/** Whether the process that made it is gone; of another machine with the same folder only its age can tell. */
function isLeft({ machine, pid, run }: Maker, { mtimeMs }: Stats): boolean {
  if (machine !== MACHINE) return Date.now() - mtimeMs > DAY_MS;
  return pid === process.pid ? run !== RUN : !isAlive(pid);
}
