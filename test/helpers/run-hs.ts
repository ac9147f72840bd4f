import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { resolve } from 'node:path';
import { orderFromResident, type HsResult } from './resident-process.ts';

export type { HsResult } from './resident-process.ts';

type RunHsOptions = {
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  input?: string;
  timeoutMs?: number;
};

/** The built program, or another one such as an installed package's. */
export const HS_BIN = process.env['HS_TEST_BIN'] ?? resolve(import.meta.dirname, '../../bin/run.js');

const TIMEOUT_MS = 100_000;
const IS_EACH_SPAWNED =
  process.env['VITEST'] === undefined || process.env['HS_TEST_BIN'] !== undefined || process.env['HS_TEST_SPAWN'] === '1';

/** What a process reads when it starts, or looks up once. */
const OF_THE_START = /^(NODE_.*|LC_.*|LANG|TZ|PATH)$/;

/** Starts the built program with nothing of this process's own `HS_*` settings. */
export function startHs(args: readonly string[], options: RunHsOptions = {}): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [HS_BIN, ...args], { cwd: options.cwd ?? '/', env: variablesOf(options) });
}

function variablesOf({ env }: RunHsOptions): Record<string, string | undefined> {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, HS_HOME: '/nonexistent/hs-home', ...env };
}

/**
 * Runs it to its end: in the process that stays, unless that is at another command, variables are given that count at a start, or each is to
 * have its own (`HS_TEST_SPAWN=1`).
 */
export async function runHs(args: readonly string[], options: RunHsOptions = {}): Promise<HsResult> {
  if (IS_EACH_SPAWNED || Object.keys(options.env ?? {}).some((name) => OF_THE_START.test(name))) return spawnHs(args, options);
  const { cwd = '/', input = '', timeoutMs = TIMEOUT_MS } = options;
  const variables = Object.entries(variablesOf(options)).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const result = await orderFromResident({ args, env: Object.fromEntries(variables), cwd, input, timeoutMs });
  return result ?? spawnHs(args, options);
}

/** Runs it to its end in a process of its own. */
async function spawnHs(args: readonly string[], options: RunHsOptions = {}): Promise<HsResult> {
  const child = startHs(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? TIMEOUT_MS);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  clearTimeout(timer);
  return { code, stdout, stderr };
}
