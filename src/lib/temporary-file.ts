import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

import { isAlive, MACHINE } from './processes.ts';

const NAME_CHARACTERS = 60;

/** Hidden, in the folder of `path`, and named after the machine and process that write it. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `${startOfName(path)}${String(process.pid)}-${randomBytes(6).toString('hex')}.tmp`);
}

/** Removes what processes of this machine that were killed have left beside `path`; on a share others may be writing. */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const start = startOfName(path);
  for (const name of await readdir(folder).catch(() => [])) {
    const [, pid] = name.startsWith(start) ? (/^(\d+)-[0-9a-f]{12}\.tmp$/.exec(name.slice(start.length)) ?? []) : [];
    if (pid !== undefined && !isAlive(Number(pid))) await unlink(join(folder, name)).catch(() => undefined);
  }
}

function startOfName(path: string): string {
  return `.${basename(path).slice(0, NAME_CHARACTERS)}.${MACHINE}-`;
}
