import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { underLimits } from '../lib/under-limits.ts';
import { watchMemory } from './watch-memory.ts';
import { systemLimits, type WorkerLimits } from './worker-limits.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

export type WorkerProcessOptions = {
  entry: URL;
  init: unknown;
  limits?: WorkerLimits;
  onMessage: (message: FromWorker) => void;
  /** Called once, when the process is gone. `said` is the end of what it printed. */
  onExit: (reason: string, said: string) => void;
};

/** One forked worker. It knows nothing of tasks: the pool does. */
export type WorkerProcess = {
  pid: number | undefined;
  send(message: ToWorker): void;
  /** Ends the worker and every program it started. */
  kill(): void;
  /** Whether this process waits for the worker before it ends by itself; it does from the start. */
  keepAlive(isNeeded: boolean): void;
};

const KEPT_OUTPUT = 4096;
const DRAIN_MS = 1000;

/**
 * Starts a worker in a process group of its own, so that Ctrl-C in the terminal reaches the parent alone. What it prints never reaches
 * our stdout: native libraries write there.
 */
export function startWorkerProcess({ entry, init, limits = {}, onMessage, onExit }: WorkerProcessOptions): WorkerProcess {
  const child = forkLimited(entry, limits);
  const output = keepTail(child);
  let gone = false;
  let tookTooMuch: string | undefined;
  const end = (reason: string): void => {
    if (gone) return;
    gone = true;
    onExit(tookTooMuch ?? reason, tookTooMuch === undefined ? output() : '');
  };
  const unwatch = watch(child, limits, (said) => {
    tookTooMuch = said;
  });
  child.on('message', onMessage);
  child.on('error', (error) => {
    end(`could not be started: ${error.message}`);
  });
  child.on('exit', (code, signal) => {
    unwatch();
    const reason = signal === null ? `ended with code ${String(code)}` : `ended by ${signal}`;
    killGroup(child);
    // Its last messages are still in the pipe until `close`, which a program that left the group could hold up.
    const late = setTimeout(end, DRAIN_MS, reason);
    child.on('close', () => {
      clearTimeout(late);
      end(reason);
    });
  });
  const send = (message: ToWorker): void => {
    // A failed send means a dead worker; its exit is reported by the event.
    if (child.connected) child.send(message, () => undefined);
  };
  send({ kind: 'start', init });
  return {
    pid: child.pid,
    send,
    kill: () => {
      // After the exit the number of the group may belong to somebody else.
      if (child.exitCode === null && child.signalCode === null) killGroup(child);
    },
    keepAlive: (isNeeded) => {
      const holds = [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null];
      for (const each of holds) each?.[isNeeded ? 'ref' : 'unref']();
    },
  };
}

/** prlimit becomes the worker, so that its number and its channel are the worker's. */
function forkLimited(entry: URL, limits: WorkerLimits): ChildProcess {
  const [execPath, ...execArgv] = underLimits([process.execPath, ...execArgvFor(entry)], systemLimits(limits));
  return fork(fileURLToPath(entry), [], {
    serialization: 'advanced',
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...KEPT_MEMORY, ...withoutOurSettings() },
    execPath,
    execArgv,
  });
}

/** Ends a worker that holds too much memory, and hands out first what is to be said of it. */
function watch(child: ChildProcess, { memoryBytes }: WorkerLimits, onOver: (said: string) => void): () => void {
  if (memoryBytes === undefined || child.pid === undefined) return () => undefined;
  return watchMemory(child.pid, memoryBytes, () => {
    onOver(`was ended: it took more than ${String(Math.round(memoryBytes / 1024 / 1024))} MB of memory`);
    killGroup(child);
  });
}

/**
 * Settings of ours, of PostgreSQL's clients and of object storage hold passwords, and what decodes hostile files must not. HS_HOME tells whose a process
 * is; all else may matter to native libraries.
 */
const OUR_SETTINGS = /^(HS_(?!HOME$)|PG|DATABASE_URL$|AWS_)/i;

function withoutOurSettings(): NodeJS.ProcessEnv {
  // eslint-disable-next-line no-restricted-properties -- handed on, not read
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !OUR_SETTINGS.test(name)));
}

/**
 * What glibc keeps for the next picture instead of giving it back to the system, which clears it page by page when it is asked for anew:
 * 8 of 10 page faults of an ingest of stills and 2.5 % of its CPU time. Blocks of large pictures go back. Other C libraries read none of it.
 */
const KEPT_MEMORY = { GLIBC_TUNABLES: 'glibc.malloc.mmap_threshold=4194304:glibc.malloc.trim_threshold=67108864' };

/**
 * Memory is collected by the one thread that works: helper threads took a twentieth of the CPU from the decoders beside them. It is
 * collected in small portions: frames, tensors and lumas lie outside of the heap, and where that grows by 64 MB before the small
 * objects that hold them fill their 16 MB, all of the heap is marked instead, twice a second. That was 2 % of the CPU time of a video.
 */
const MEMORY = ['--single-threaded-gc', '--max-semi-space-size=2'];

/** From source the worker needs the same loader as its parent; built files need none. */
function execArgvFor(entry: URL): string[] {
  if (!entry.pathname.endsWith('.ts')) return MEMORY;
  return [...MEMORY, '--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href];
}

function keepTail(child: ChildProcess): () => string {
  let tail = '';
  const keep = (chunk: Buffer): void => {
    tail = (tail + chunk.toString('utf8')).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => tail.trim();
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group is gone already, or the platform has none.
    if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
  }
}
