import { spawn } from 'node:child_process';
import { readPeakRss, readTree } from './process-tree.ts';

export type Measured = {
  exitCode: number | null;
  wallS: number;
  /** User and system time of the command and of all its descendants that were waited for. */
  cpuS: number;
  /** Highest sum of resident memory over all living processes of the command; shared pages count once per process. */
  peakTreeBytes: number;
  /** Highest resident memory of the command's own process. */
  peakOwnBytes: number;
  stdout: string;
  stderr: string;
};

export type RunMeasuredOptions = { env?: NodeJS.ProcessEnv; cwd?: string; timeoutMs?: number; sampleMs?: number };

/** The shell stays, so that it can tell the CPU time of what it waited for. */
const WRAPPER = '"$@"; code=$?; times >&3; exit $code';

/** Runs a command to its end. Memory is sampled from /proc (Linux); elsewhere it is 0. */
export async function runMeasured(command: readonly string[], options: RunMeasuredOptions = {}): Promise<Measured> {
  const startMs = performance.now();
  const child = spawn('/bin/sh', ['-c', WRAPPER, 'sh', ...command], {
    ...(options.cwd ? { cwd: options.cwd } : {}),
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const outputs = [1, 2, 3].map((fd) => collect(child.stdio[fd] as NodeJS.ReadableStream));
  const tree = sampleTree(child.pid ?? 0, options.sampleMs ?? 100);
  const timer =
    options.timeoutMs === undefined
      ? undefined
      : setTimeout(() => {
          killTree(child.pid ?? 0);
        }, options.timeoutMs);
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('exit', resolve));
  const wallS = (performance.now() - startMs) / 1000;
  clearTimeout(timer);
  const peaks = tree.stop();
  const [stdout = '', stderr = '', times = ''] = await Promise.all(outputs);
  return {
    exitCode,
    wallS,
    cpuS: Math.max(parseTimes(times), peaks.seenCpuS),
    peakTreeBytes: peaks.peakTreeBytes,
    peakOwnBytes: peaks.peakOwnBytes,
    stdout,
    stderr,
  };
}

/** Second line of the shell's `times`: user and system time of children, as `0m1.23s 0m0.45s`. */
export function parseTimes(text: string): number {
  const children = text.trim().split('\n')[1] ?? '';
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, minutes, seconds]) => sum + Number(minutes) * 60 + Number(seconds), 0);
}

function collect(stream: NodeJS.ReadableStream): Promise<string> {
  const parts: string[] = [];
  stream.setEncoding('utf8');
  stream.on('data', (text: string) => parts.push(text));
  return new Promise((resolve) =>
    stream.on('close', () => {
      resolve(parts.join(''));
    }),
  );
}

type Peaks = { peakTreeBytes: number; peakOwnBytes: number; seenCpuS: number };

/** CPU time is looked at, too: that of a worker which outlives its parent never reaches the shell. */
function sampleTree(shellPid: number, everyMs: number): { stop: () => Peaks } {
  const peaks: Peaks = { peakTreeBytes: 0, peakOwnBytes: 0, seenCpuS: 0 };
  const sample = (): void => {
    const members = readTree(shellPid).filter(({ pid }) => pid !== shellPid);
    peaks.peakTreeBytes = Math.max(
      peaks.peakTreeBytes,
      members.reduce((sum, { rssBytes }) => sum + rssBytes, 0),
    );
    peaks.seenCpuS = Math.max(
      peaks.seenCpuS,
      members.reduce((sum, { ownCpuS, waitedCpuS }) => sum + ownCpuS + waitedCpuS, 0),
    );
    const command = members.find(({ parentPid }) => parentPid === shellPid);
    peaks.peakOwnBytes = Math.max(peaks.peakOwnBytes, command ? (readPeakRss(command.pid) ?? 0) : 0);
  };
  const timer = process.platform === 'linux' ? setInterval(sample, everyMs) : undefined;
  return {
    stop: () => {
      clearInterval(timer);
      return peaks;
    },
  };
}

function killTree(shellPid: number): void {
  for (const { pid } of readTree(shellPid).reverse()) {
    try {
      if (pid !== shellPid) process.kill(pid, 'SIGKILL');
    } catch {
      // It ended by itself meanwhile.
    }
  }
}
