import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { resolve } from 'node:path';

export type HsResult = { code: number | null; stdout: string; stderr: string };

type RunHsOptions = {
  env?: Readonly<Record<string, string | undefined>>;
  cwd?: string;
  input?: string;
  timeoutMs?: number;
};

/** The built program, or another one such as an installed package's. */
export const HS_BIN = process.env['HS_TEST_BIN'] ?? resolve(import.meta.dirname, '../../bin/run.js');

/** Starts the built program with nothing of this process's own `HS_*` settings. */
export function startHs(args: readonly string[], options: RunHsOptions = {}): ChildProcessWithoutNullStreams {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, HS_HOME: '/nonexistent/hs-home', ...options.env };
  return spawn(process.execPath, [HS_BIN, ...args], { cwd: options.cwd ?? '/', env });
}

/** Runs it to its end. */
export async function runHs(args: readonly string[], options: RunHsOptions = {}): Promise<HsResult> {
  const child = startHs(args, options);
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdin.end(options.input ?? '');
  const timer = setTimeout(() => child.kill('SIGKILL'), options.timeoutMs ?? 45_000);
  const code = await new Promise<number | null>((done, fail) => {
    child.on('error', fail);
    child.on('close', done);
  });
  clearTimeout(timer);
  return { code, stdout, stderr };
}
