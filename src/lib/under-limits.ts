import { existsSync, readFileSync } from 'node:fs';

/** Limits of the system on one process and what it starts, named as prlimit(1) names them; bytes, seconds and numbers. */
export type SystemLimits = { as?: number; cpu?: number; data?: number; nofile: number; fsize?: number };

const PRLIMIT = ['/usr/bin/prlimit', '/bin/prlimit'].find((path) => process.platform === 'linux' && existsSync(path));

/** The command under limits and without a core when it crashes, with the same process number; as it came where there is no prlimit. */
export function underLimits(command: readonly [string, ...string[]], limits: SystemLimits): readonly [string, ...string[]] {
  if (PRLIMIT === undefined) return command;
  // What this process may not do itself it cannot allow either.
  const possible = { ...limits, nofile: Math.min(limits.nofile, ownDescriptors()) };
  return [PRLIMIT, ...Object.entries(possible).map(([name, value]) => `--${name}=${value}`), '--core=0', '--', ...command];
}

function ownDescriptors(): number {
  return Number(/^Max open files\s+\d+\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1] ?? Infinity);
}
