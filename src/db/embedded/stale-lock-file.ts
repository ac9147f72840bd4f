import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';

import { isAbsent } from './server-state.ts';

/** A server writes its lock file at once; one that stays empty is a leftover of a power cut, which PostgreSQL refuses for ever. */
const EMPTY_IS_STALE_AFTER_MS = 3000;

/**
 * Takes a lock file away that names a process which exists but is not our server: a recycled pid, a zombie. PostgreSQL deals
 * with a pid that is gone itself and refuses to start for one that exists. Two servers can never share the data anyway: they
 * also check a shared memory block keyed by the data folder.
 */
export function removeStaleLockFile(file: string, dataFolder: string): void {
  try {
    if (!isStale(file, dataFolder)) return;
    // renamed first, looked at again then: if a live server had replaced it meanwhile, it goes back
    const held = `${file}.stale-${String(process.pid)}-${randomBytes(3).toString('hex')}`;
    renameSync(file, held);
    if (readFileSync(held, 'utf8').trim() !== '' && !namesAnotherProcess(held, dataFolder)) putBack(held, file);
    unlinkSync(held);
  } catch (error) {
    if (!isAbsent(error)) throw error;
  }
}

function isStale(file: string, dataFolder: string): boolean {
  if (readFileSync(file, 'utf8').trim() === '') return Date.now() - statSync(file).mtimeMs > EMPTY_IS_STALE_AFTER_MS;
  return namesAnotherProcess(file, dataFolder);
}

function putBack(held: string, file: string): void {
  try {
    linkSync(held, file);
  } catch {
    // a newer one is there
  }
}

function namesAnotherProcess(file: string, dataFolder: string): boolean {
  const pid = Math.abs(Number(readFileSync(file, 'utf8').split('\n')[0]));
  if (!Number.isInteger(pid) || pid === 0 || process.platform !== 'linux') return false;
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const isZombie = stat.slice(stat.lastIndexOf(')') + 2).startsWith('Z');
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    return isZombie || !path.basename(command[0] ?? '').startsWith('postgres') || !command.includes(dataFolder);
  } catch {
    return false;
  }
}
