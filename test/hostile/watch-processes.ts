import { readdirSync, readFileSync } from 'node:fs';

/** `seconds`: how long it was seen to run. */
export type ProcessPeak = { program: string; peakMb: number; seconds: number };

/** Follows a process and all it starts, and keeps the greatest memory each of them ever held (Linux; elsewhere nothing). */
export function watchProcesses(pid: number, everyMs = 50): { stop: () => ProcessPeak[] } {
  const peaks = new Map<number, ProcessPeak>();
  const since = new Map<number, number>();
  const look = (): void => {
    for (const child of descendantsOf(pid)) {
      const now = performance.now();
      const peak = readPeak(child);
      if (peak === undefined) continue;
      // prlimit becomes the decoder.
      since.set(child, since.get(child) ?? now);
      peaks.set(child, { ...peak, seconds: Math.round((now - (since.get(child) ?? now)) / 100) / 10 });
    }
  };
  const timer = setInterval(look, everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return [...peaks.values()];
    },
  };
}

export type Worst = { count: number; peakMb: number; seconds: number };

/** The greatest numbers of each program. */
export function worstOf(peaks: readonly ProcessPeak[]): Record<string, Worst> {
  const worst: Record<string, Worst> = {};
  for (const { program, peakMb, seconds } of peaks) {
    const so = worst[program] ?? { count: 0, peakMb: 0, seconds: 0 };
    worst[program] = { count: so.count + 1, peakMb: Math.max(so.peakMb, Math.round(peakMb)), seconds: Math.max(so.seconds, seconds) };
  }
  return worst;
}

function descendantsOf(pid: number): number[] {
  const found = [pid];
  for (const parent of found) found.push(...childrenOf(parent));
  return found;
}

function childrenOf(pid: number): number[] {
  try {
    return readdirSync(`/proc/${String(pid)}/task`).flatMap((thread) =>
      readFileSync(`/proc/${String(pid)}/task/${thread}/children`, 'utf8')
        .split(' ')
        .filter(Boolean)
        .map(Number),
    );
  } catch {
    return [];
  }
}

/** VmHWM is the peak the system itself keeps, so a short peak between two looks is not missed. */
function readPeak(pid: number): Omit<ProcessPeak, 'seconds'> | undefined {
  try {
    const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
    const command = readFileSync(`/proc/${String(pid)}/cmdline`, 'utf8').split('\0');
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1];
    // One that has just ended holds nothing any more.
    if (kilobytes === undefined) return undefined;
    return { program: programOf(command), peakMb: Number(kilobytes) / 1024 };
  } catch {
    return undefined;
  }
}

/** prlimit becomes the decoder it starts, so the decoder's name counts from the beginning. */
function programOf(command: readonly string[]): string {
  const known = ['analyse-worker', 'ffprobe', 'ffmpeg', 'run.js'];
  const words = command.filter((word) => !word.startsWith('-')).map((word) => word.replace(/.*\//, ''));
  return known.find((name) => words.some((word) => word.startsWith(name))) ?? words[0] ?? '';
}
