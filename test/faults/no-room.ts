import { execFileSync, spawnSync } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { HS_BIN } from '../helpers/run-hs.ts';

type RunOptions = {
  env: Readonly<Record<string, string>>;
  folder: string;
  /** Largest file it may write; undefined: any. */
  limitBytes: number | undefined;
};

/** Runs `hs` to its end. `ulimit -f` counts blocks of 512 bytes in sh. */
export function runLimited(args: readonly string[], { env, folder, limitBytes }: RunOptions): { status: number | null; stderr: string } {
  const limit = limitBytes === undefined ? 'unlimited' : String(Math.ceil(limitBytes / 512));
  const { PATH, HOME } = process.env;
  const { status, stderr } = spawnSync('/bin/sh', ['-c', `ulimit -f ${limit} && exec "$@"`, 'sh', process.execPath, HS_BIN, ...args], {
    env: { PATH, HOME, ...env },
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, stderr };
}

/** Works with a disk of that size at `disk`; false where none can be mounted, as by anyone but root. */
export async function withSmallDisk(disk: string, bytes: number, work: () => Promise<void>): Promise<boolean> {
  await mkdir(disk, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${String(Math.ceil(bytes))}`, 'tmpfs', disk], { stdio: 'ignore' });
  } catch {
    return false;
  }
  try {
    await work();
    return true;
  } finally {
    execFileSync('umount', [disk]);
    await rm(disk, { recursive: true });
  }
}
