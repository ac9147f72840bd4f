import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { HS_BIN } from '../helpers/run-hs.ts';

export type Fault = 'ENOSPC' | 'EIO' | 'EINTR' | 'SIGKILL';

/** The `nth` call of that name, counted from 1, on one of the files looked at. */
export type Call = { name: string; nth: number };

type Program = { args: readonly string[]; env: Readonly<Record<string, string>>; cwd: string };
export type Ended = { code: number | null; stderr: string };

const CALLS = 'openat,write,pwrite64,writev,fsync,fdatasync,statx,fstat,ftruncate,fchmod,chmod,fchown,rename,link,unlink,mkdir,close';

/** No process has this number, so that what one of it left is seen as left by one that is gone. */
const NO_PID = 4_200_001;

/** Names of temporary files hold the process number and chance; here they are the same each time. */
const SAME_NAMES = `--import=data:text/javascript,${encodeURIComponent(`
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
const draw = crypto.randomBytes;
crypto.randomBytes = (size, ...more) => (size === 6 && more.length === 0 ? Buffer.alloc(6, 0xab) : draw(size, ...more));
Object.defineProperty(process, 'pid', { value: ${String(NO_PID)} });
syncBuiltinESMExports();`)}`;

/** Whether calls of a program can be made to fail here: not without strace, and not where tracing is forbidden. */
export function canTrace(): boolean {
  return spawnSync('strace', ['-f', '-qq', '-e', 'inject=fsync:error=EIO', '-o', '/dev/null', 'true']).status === 0;
}

/** Runs `hs` undisturbed and tells what files below a folder it makes calls on. */
export async function findTouched(program: Program, folder: string): Promise<Ended & { paths: string[] }> {
  const { log, ...ended } = await trace(program, ['-y', '-e', `trace=${CALLS}`]);
  const paths = new Set<string>();
  for (const [, path] of log.matchAll(/[<"](\/[^>"]*)[>"]/g)) if (path !== undefined && isAtOrBelow(path, folder)) paths.add(path);
  return { ...ended, paths: [...paths] };
}

function isAtOrBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

/** Runs `hs` undisturbed and counts its calls on files. A thread counts for itself: the largest number of one is told. */
export async function countCalls(program: Program, paths: readonly string[]): Promise<Ended & { counts: Map<string, number> }> {
  const { log, ...ended } = await trace(program, [...onPaths(paths), '-e', `trace=${CALLS}`]);
  const counts = new Map<string, number>();
  const ofThread = new Map<string, number>();
  for (const [, thread = '', name = ''] of log.matchAll(/^(\d+) +(\w+)\(/gm)) {
    const number = (ofThread.get(`${thread} ${name}`) ?? 0) + 1;
    ofThread.set(`${thread} ${name}`, number);
    counts.set(name, Math.max(counts.get(name) ?? 0, number));
  }
  return { ...ended, counts };
}

/** Runs `hs` and lets one call fail, or all from that one on, or kills it at that call. */
export async function runFailing(
  program: Program,
  { paths, call, fault, lasting = false }: { paths: readonly string[]; call: Call; fault: Fault; lasting?: boolean },
): Promise<Ended & { wasInjected: boolean }> {
  const what = fault === 'SIGKILL' ? 'signal=KILL' : `error=${fault}`;
  const when = `${String(call.nth)}${lasting ? '+' : ''}`;
  const { log, ...ended } = await trace(program, [
    ...onPaths(paths),
    '-e',
    `trace=${call.name}`,
    '-e',
    `inject=${call.name}:${what}:when=${when}`,
  ]);
  return { ...ended, wasInjected: log.includes('(INJECTED)') || ended.code === null || log.includes('killed by SIGKILL') };
}

function onPaths(paths: readonly string[]): string[] {
  return paths.flatMap((path) => ['-P', path]);
}

/** Files are worked on by one thread, so that their calls have an order. */
async function trace({ args, env, cwd }: Program, options: readonly string[]): Promise<Ended & { log: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-trace-'));
  const log = join(folder, 'log');
  const { PATH, HOME } = process.env;
  try {
    const child = spawn('strace', ['-f', '-qq', '-o', log, ...options, process.execPath, HS_BIN, ...args], {
      cwd,
      env: { PATH, HOME, UV_THREADPOOL_SIZE: '1', NODE_OPTIONS: SAME_NAMES, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const code = await new Promise<number | null>((done, fail) => {
      child.on('error', fail);
      child.on('close', done);
    });
    return { code, stderr, log: await readFile(log, 'utf8') };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
