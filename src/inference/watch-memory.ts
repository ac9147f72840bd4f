import { readFileSync } from 'node:fs';

/** A process that fills memory as fast as it can gets a few hundred megabytes further between two looks. */
const LOOK_MS = 200;

/**
 * Calls `onOver` once when a process holds more memory of its own than that, in the machine or swapped out; files and libraries that it maps
 * do not count. Ends by the function that is returned. Looks on Linux only: elsewhere nothing says it so cheaply.
 */
export function watchMemory(pid: number, maxBytes: number, onOver: () => void): () => void {
  if (process.platform !== 'linux') return () => undefined;
  const timer = setInterval(() => {
    if (ownBytes(pid) <= maxBytes) return;
    clearInterval(timer);
    onOver();
  }, LOOK_MS);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}

/** 0 for a process that has ended. */
function ownBytes(pid: number): number {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const kilobytes = [...status.matchAll(/^(?:RssAnon|VmSwap):\s+(\d+) kB$/gm)].map((match) => Number(match[1]));
    return 1024 * kilobytes.reduce((sum, each) => sum + each, 0);
  } catch {
    return 0;
  }
}
