import { createHash } from 'node:crypto';
import { hostname } from 'node:os';

/** Tells files of this machine's processes from those of others that write to the same folder. */
export const MACHINE = createHash('sha256').update(hostname()).digest('hex').slice(0, 8);

/** Whether a process of this machine is there, also one of somebody else's. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}
