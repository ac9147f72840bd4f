import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import type { FileHandle } from 'node:fs/promises';
import type { Readable } from 'node:stream';

import { UnavailableError } from '../../errors/hs-error.ts';
import { underLimits } from '../../lib/under-limits.ts';
import { minimalEnvironment } from './minimal-environment.ts';
import { splitLines } from './split-lines.ts';

/** `writtenBytes`: largest file it may write; by default it may write none. */
export type RunLimits = { cpuSeconds: number; memoryBytes?: number; writtenBytes?: number };
export type LimitedRun = {
  stdout: Readable;
  /** Kills the program and everything it started. Safe to call at any time. */
  kill: () => void;
  /** Settles when the last line of the log was handed out, however much of `stdout` is still unread. */
  logEnded: Promise<void>;
  /** Settles when the program has ended and both its outputs were read; rejects only if it could not be started. */
  ended: Promise<{ exitCode: number | null; signal: NodeJS.Signals | null }>;
};
type RunLimitedOptions = {
  /** Handed to the program as descriptor 3; on Linux it opens this instead of the path, so it decodes what was checked. */
  input: FileHandle;
  limits: RunLimits;
  onLogLine: (line: string) => void;
};

/** 8K H.264 needs 0.6 GB; a decoder that wants more than this is being attacked. */
const DEFAULT_MEMORY_BYTES = 1536 * 1024 * 1024;
const MAX_LINE_CHARS = 4096;
const running = new Set<ChildProcess>();

/**
 * The one place that starts decoders: no shell, next to no environment, own process group, limits on memory, CPU time,
 * open files and written bytes where the system can set them, killed when this process exits.
 * The log is read all the time, however slowly `stdout` is, so that the program never blocks on it.
 */
export function runLimited(program: string, args: readonly string[], options: RunLimitedOptions): LimitedRun {
  const [command, ...rest] = withLimits(program, args, options.limits);
  const stdio: StdioOptions = ['ignore', 'pipe', 'pipe', options.input.fd];
  const child = spawn(command, rest, { stdio, detached: true, windowsHide: true, ...minimalEnvironment() });
  track(child);
  const { stdout, stderr } = child;
  if (stdout === null || stderr === null) throw new Error('no pipes to the decoder');
  const logEnded = splitLines(stderr, MAX_LINE_CHARS, options.onLogLine);
  const kill = (): void => {
    killGroup(child);
  };
  return { stdout, kill, logEnded, ended: endOf(child, program) };
}

function endOf(child: ChildProcess, program: string): LimitedRun['ended'] {
  const cannotStart = (cause?: unknown): UnavailableError =>
    new UnavailableError('ffmpeg_missing', `${program} cannot be started`, { cause, hint: 'run hs doctor to see which ffmpeg is used' });
  const ended = new Promise<Awaited<LimitedRun['ended']>>((resolve, reject) => {
    child.once('error', (cause) => {
      reject(cannotStart(cause));
    });
    child.once('close', (exitCode, signal) => {
      // What prlimit says when it could not start the program; ffmpeg itself ends with 0, 1 or 255.
      if (exitCode === 126 || exitCode === 127) reject(cannotStart());
      else resolve({ exitCode, signal });
    });
  });
  ended.catch(() => undefined);
  return ended;
}

function withLimits(program: string, args: readonly string[], limits: RunLimits): readonly [string, ...string[]] {
  const { cpuSeconds, memoryBytes = DEFAULT_MEMORY_BYTES, writtenBytes = 0 } = limits;
  return underLimits([program, ...args], { as: memoryBytes, cpu: Math.ceil(cpuSeconds), nofile: 256, fsize: writtenBytes });
}

function track(child: ChildProcess): void {
  if (running.size === 0) process.once('exit', killAll);
  running.add(child);
  const forget = (): void => {
    running.delete(child);
    if (running.size === 0) process.removeListener('exit', killAll);
  };
  child.once('exit', forget);
  child.once('error', forget);
}

function killAll(): void {
  for (const child of running) killGroup(child);
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL');
  } catch {
    // It ended in between.
  }
}
