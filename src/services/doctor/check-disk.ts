import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { TemporaryError } from '../../errors/hs-error.ts';
import { failed, ok, warn, type DoctorLine } from './doctor-line.ts';
import { formatBytes } from '../../lib/format-bytes.ts';

const LITTLE_BYTES = 2e9;
const TOO_LITTLE_BYTES = 200e6;

/** Free space where the store lives. `freeBytes` is replaced in tests. */
export async function checkDisk(home: string, freeBytes: (folder: string) => Promise<number> = freeBytesOf): Promise<DoctorLine> {
  const free = await freeBytes(home);
  const message = `${formatBytes(free)} free for ${home}`;
  const hint = 'make room, or move the store with HS_HOME';
  if (free < TOO_LITTLE_BYTES) return failed('disk', new TemporaryError('disk_full', message, { hint }));
  return free < LITTLE_BYTES ? warn('disk', message, hint) : ok('disk', message);
}

/** A folder that does not exist yet will be made on the disk of the nearest one that does. */
async function freeBytesOf(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch (error) {
    const parent = dirname(folder);
    if (parent === folder) throw error;
    return freeBytesOf(parent);
  }
}
