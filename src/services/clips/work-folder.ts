import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { isAlive, MACHINE } from '../../lib/processes.ts';
import { CLIP_WORK_FOLDER } from './clip-name.ts';

const START = `${CLIP_WORK_FOLDER}${MACHINE}-`;
const PID = /^(\d{1,10})-/;

/** A folder beside the clip for what it is made of; it says who made it and goes whatever happens, unless the process is killed. */
export async function inWorkFolder<Result>(folder: string, work: (workFolder: string) => Promise<Result>): Promise<Result> {
  const workFolder = await mkdtemp(join(folder, `${START}${String(process.pid)}-`));
  try {
    return await work(workFolder);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

/** Removes what processes of this machine that are gone have left in a folder. */
export async function sweepWorkFolders(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const pid = name.startsWith(START) ? PID.exec(name.slice(START.length))?.[1] : undefined;
    if (pid !== undefined && !isAlive(Number(pid))) await rm(join(folder, name), { recursive: true, force: true });
  }
}
