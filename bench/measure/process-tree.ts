import { readdirSync, readFileSync } from 'node:fs';

/** One line of /proc/<pid>/stat. CPU times in seconds; `waitedCpuS` is that of children which ended and were waited for. */
export type ProcessStat = { pid: number; parentPid: number; ownCpuS: number; waitedCpuS: number; rssBytes: number };

/** Linux reports CPU in ticks of 1/100 s and memory in pages of 4 kB on every platform Node is built for. */
const TICKS_PER_S = 100;
const PAGE_BYTES = 4096;

/** Undefined for a process that is gone. */
export function readProcess(pid: number): ProcessStat | undefined {
  const line = readOrUndefined(`/proc/${pid}/stat`);
  if (line === undefined) return undefined;
  const fields = line
    .slice(line.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number);
  const [parentPid = 0, userTicks = 0, systemTicks = 0, waitedUserTicks = 0, waitedSystemTicks = 0, pages = 0] = [
    1, 11, 12, 13, 14, 21,
  ].map((i) => fields[i]);
  return {
    pid,
    parentPid,
    ownCpuS: (userTicks + systemTicks) / TICKS_PER_S,
    waitedCpuS: (waitedUserTicks + waitedSystemTicks) / TICKS_PER_S,
    rssBytes: pages * PAGE_BYTES,
  };
}

/** The process and everything below it that is alive now. */
export function readTree(rootPid: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readProcess(Number(name)) ?? []);
  const members = new Set([rootPid]);
  for (let grew = true; grew;) {
    const before = members.size;
    for (const { pid, parentPid } of all) if (members.has(parentPid)) members.add(pid);
    grew = members.size > before;
  }
  return all.filter(({ pid }) => members.has(pid));
}

/** CPU seconds used so far by a tree, its ended children included. */
export function treeCpuS(rootPid: number): number {
  return readTree(rootPid).reduce((sum, process) => sum + process.ownCpuS + process.waitedCpuS, 0);
}

/** Highest resident memory a process ever had, in bytes; undefined for one that is gone. */
export function readPeakRss(pid: number): number | undefined {
  const match = /VmHWM:\s+(\d+) kB/.exec(readOrUndefined(`/proc/${pid}/status`) ?? '');
  return match ? Number(match[1]) * 1024 : undefined;
}

function readOrUndefined(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
