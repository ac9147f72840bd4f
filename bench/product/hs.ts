import { readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMeasured, type Measured, type RunMeasuredOptions } from '../measure/run-measured.ts';

/** Root of the repository. */
export const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

const HS = path.join(REPOSITORY, 'bin', 'run.js');

/** A fresh folder that the unprivileged database user may enter, too. */
export async function makeTempFolder(purpose: string): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), `hs-bench-${purpose}-`));
  await chmod(folder, 0o755);
  return folder;
}

/** Only what the product needs: settings of the person who runs the bench must not change the figures. */
function productEnv(home: string): NodeJS.ProcessEnv {
  const kept = new Set(['HS_FFMPEG', 'HS_FFPROBE']);
  const inherited = Object.entries(process.env).filter(([name]) => kept.has(name) || !(name.startsWith('HS_') || name === 'DATABASE_URL'));
  return { ...Object.fromEntries(inherited), HS_HOME: home, NODE_ENV: 'production' };
}

/** Runs the built `hs` with its own home. */
export function runHs(home: string, args: readonly string[], options: Omit<RunMeasuredOptions, 'env'> = {}): Promise<Measured> {
  return runMeasured([process.execPath, HS, ...args], { ...options, env: productEnv(home) });
}

/** As `runHs`, for preparation: any other exit code than 0 ends the bench with what the product said. */
export async function runHsOrThrow(home: string, args: readonly string[]): Promise<Measured> {
  const result = await runHs(home, args);
  if (result.exitCode !== 0) throw new Error(`hs ${args.join(' ')} ended with ${result.exitCode}: ${result.stderr.trim()}`);
  return result;
}

/** Runs `work` with a fresh home whose database server is already up, and removes both afterwards. */
export async function withHome<T>(work: (home: string) => Promise<T>): Promise<T> {
  const home = await makeTempFolder('home');
  try {
    await runHsOrThrow(home, ['db', 'start', '--keep']);
    return await work(home);
  } finally {
    await runHs(home, ['db', 'stop']);
    await rm(home, { recursive: true, force: true });
  }
}

/** Process id of the embedded server of a home, undefined where none runs. */
export function findServerPid(home: string): number | undefined {
  const pidFile = readdirSync(home, { recursive: true, encoding: 'utf8' }).find((name) => path.basename(name) === 'postmaster.pid');
  return pidFile === undefined ? undefined : Number(readFileSync(path.join(home, pidFile), 'utf8').split('\n')[0]);
}
