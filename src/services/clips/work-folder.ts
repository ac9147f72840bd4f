import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

/** Folders that several machines write to hold work of each. */
const HOST = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
const NAME = new RegExp(`^\\.clip-${HOST}-(\\d{1,10})-`);

/** A folder beside the clip for what it is made of; it says who made it and goes whatever happens, unless the process is killed. */
export async function inWorkFolder<Result>(folder: string, work: (workFolder: string) => Promise<Result>): Promise<Result> {
  const workFolder = await mkdtemp(join(folder, `.clip-${HOST}-${String(process.pid)}-`));
  try {
    return await work(workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Removes what processes of this machine that are gone have left in a folder. */
export async function sweepWorkFolders(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = NAME.exec(name)?.[1];
    if (pid !== undefined && isGone(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function isGone(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // Of somebody else's process we are told that it is there.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
