import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/database.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { startHs } from '../helpers/run-hs.ts';
import { seededRandom } from '../unit/domain/make-detections.ts';
import { differences } from './differences.ts';
import { findViolations } from './find-violations.ts';
import { findMarkedProcesses, findReaders, isDatabaseServer, isWorker } from './marked-processes.ts';
import { readNormalisedRows, type NormalisedRows } from './stored-rows.ts';

export const TARGETS = ['parent', 'worker', 'server'] as const;
export type Target = (typeof TARGETS)[number];

export type StormOptions = {
  /** Folder of footage, and one for the stores; both of their own. */
  footage: string;
  homes: string;
  kills: number;
  seed: number;
  log: (line: string) => void;
};

export type StormResult = {
  kills: Record<Target, number>;
  runs: number;
  rounds: number;
  codes: Record<string, number>;
  violations: string[];
};

const CLEAN_CODES = [0, 3];
const ROUND_RUNS = 60;
const GONE_WITHIN_MS = 5_000;
const REDO_SHARE = 0.6;
/** How long a worker that has just been started may live at least. */
const WORKER_AGE_MS = 700;

type Storm = StormOptions & { random: () => number; undisturbed: NormalisedRows; runMs: number; result: StormResult };

/**
 * Ingests a folder again and again while its processes are killed at random moments, each round until all is in; then the
 * rows must be those of a run that nobody disturbed, and nothing may be left behind.
 */
export async function runStorm(options: StormOptions): Promise<StormResult> {
  const home = join(options.homes, 'undisturbed');
  const { code, stderr } = await ingest(options, home, []);
  if (!CLEAN_CODES.includes(Number(code))) throw new Error(`the undisturbed run ended with ${code}: ${stderr}`);
  const startedMs = Date.now();
  await ingest(options, home, ['--redo', 'all']);
  const runMs = Date.now() - startedMs;
  const { rows, violations } = await inspect(options, home);
  const result: StormResult = { kills: { parent: 0, worker: 0, server: 0 }, runs: 0, rounds: 0, codes: {}, violations };
  const storm = { ...options, random: seededRandom(options.seed), undisturbed: rows, runMs, result };
  while (killsOf(result) < options.kills && result.violations.length === 0) await runRound(storm);
  return result;
}

export function killsOf({ kills }: Pick<StormResult, 'kills'>): number {
  return kills.parent + kills.worker + kills.server;
}

async function runRound(storm: Storm): Promise<void> {
  const { result, log } = storm;
  const home = join(storm.homes, `round-${String(result.rounds)}`);
  let calm = false;
  for (let run = 0; run < ROUND_RUNS && !calm; run += 1) calm = await runOnce(storm, home, killsOf(result) < storm.kills);
  if (!calm) result.violations.push(`round ${String(result.rounds)} did not come to an end in ${String(ROUND_RUNS)} runs`);
  // A file whose worker was killed three times is left alone until somebody asks for it.
  await ingest(storm, home, ['--redo', 'failed']);
  const { rows, violations } = await inspect(storm, home);
  result.violations.push(...violations, ...differences(storm.undisturbed, rows), ...(await lingering(storm, 'the last run')));
  result.rounds += 1;
  log(
    `round ${String(result.rounds)}: ${JSON.stringify(result.kills)} kills so far, ${String(result.runs)} runs, ends ${JSON.stringify(result.codes)}, ${String(result.violations.length)} violations`,
  );
}

/** One run, disturbed or not. True when it came through undisturbed and left nothing to do. */
async function runOnce(storm: Storm, home: string, mayKill: boolean): Promise<boolean> {
  const { result } = storm;
  const running = start(storm, home, mayKill && storm.random() < REDO_SHARE ? ['--redo', 'all'] : []);
  const killed = mayKill ? await disturb(storm, home, running) : [];
  const { code, stderr } = await running.ended;
  result.runs += 1;
  result.codes[code] = (result.codes[code] ?? 0) + 1;
  if (!isExpected(code, killed))
    result.violations.push(`run ended with ${code} after killing ${killed.join(', ') || 'nothing'}: ${stderr.slice(0, 600)}`);
  if (killed.includes('parent')) result.violations.push(...(await lingering(storm, 'the parent')));
  return killed.length === 0 && CLEAN_CODES.includes(Number(code)) && (await countWaiting(home)) === 0;
}

function isExpected(code: string, killed: readonly Target[]): boolean {
  if (CLEAN_CODES.map(String).includes(code)) return true;
  if (killed.includes('parent') && code === 'SIGKILL') return true;
  return killed.includes('server') && code === '5';
}

/** Kills one thing after another at random moments until the run is over. */
async function disturb(storm: Storm, home: string, running: RunningIngest): Promise<Target[]> {
  const { random, result, runMs } = storm;
  const killed: Target[] = [];
  while (running.isRunning() && killsOf(result) < storm.kills) {
    const target = TARGETS[Math.floor(random() * TARGETS.length)] ?? 'parent';
    if (target === 'worker') await waitForWorker(storm, running);
    await Promise.race([sleep(random() * (target === 'worker' ? WORKER_AGE_MS : runMs)), running.ended]);
    const pid = running.isRunning() ? findTarget(storm, home, { target, parentPid: running.pid }) : undefined;
    if (pid === undefined || !kill(pid)) continue;
    killed.push(target);
    result.kills[target] += 1;
  }
  return killed;
}

async function waitForWorker(storm: Storm, running: RunningIngest): Promise<void> {
  while (running.isRunning() && !findMarkedProcesses(markOf(storm)).some(isWorker)) await sleep(20);
}

function findTarget(storm: Storm, home: string, { target, parentPid }: { target: Target; parentPid: number }): number | undefined {
  if (target === 'parent') return parentPid;
  if (target === 'server') return serverPid(home);
  const workers = findMarkedProcesses(markOf(storm)).filter(isWorker);
  return workers[Math.floor(storm.random() * workers.length)]?.pid;
}

function serverPid(home: string): number | undefined {
  try {
    const pid = Number(readFileSync(layOutStore(home).lockFile, 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 1 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function kill(pid: number): boolean {
  try {
    process.kill(pid, 'SIGKILL');
    return true;
  } catch {
    return false;
  }
}

/** Workers and decoders that outlive what started them. The server may: the next command uses it, the last one stops it. */
async function lingering(storm: Storm, after: string): Promise<string[]> {
  for (const deadlineMs = Date.now() + GONE_WITHIN_MS; ;) {
    const left = [...findMarkedProcesses(markOf(storm)).filter((one) => !isDatabaseServer(one)), ...findReaders(storm.footage)];
    if (left.length === 0) return [];
    if (Date.now() > deadlineMs)
      return left.map(({ pid, command }) => `still running after ${after} is gone: ${String(pid)} ${command.slice(0, 200)}`);
    await sleep(50);
  }
}

type RunningIngest = { pid: number; isRunning: () => boolean; ended: Promise<{ code: string; stderr: string }> };

function markOf({ homes }: Pick<StormOptions, 'homes'>): string {
  return `HS_TEST_STORM=${homes}`;
}

function start(options: Pick<StormOptions, 'homes' | 'footage'>, home: string, args: readonly string[]): RunningIngest {
  const env = { HS_HOME: home, HS_TEST_STORM: options.homes };
  const child = startHs(['ingest', options.footage, '--detector', 'motion', '--workers', '2', '--quiet', ...args], { env });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.resume();
  const ended = once(child, 'exit').then(([code, signal]) => ({ code: String(code ?? signal), stderr }));
  return { pid: child.pid ?? 0, isRunning: () => child.exitCode === null && child.signalCode === null, ended };
}

function ingest(options: Pick<StormOptions, 'homes' | 'footage'>, home: string, args: readonly string[]): RunningIngest['ended'] {
  return start(options, home, args).ended;
}

async function inspect({ footage }: Pick<StormOptions, 'footage'>, home: string): Promise<{ rows: NormalisedRows; violations: string[] }> {
  const database = await openDatabase({ home, migrate: 'require' });
  try {
    return { rows: await readNormalisedRows(database.knex, footage), violations: await findViolations(database.knex) };
  } finally {
    await database.close();
  }
}

async function countWaiting(home: string): Promise<number> {
  const database = await openDatabase({ home, migrate: 'require' });
  try {
    const rows = await database
      .knex('media_files')
      .whereIn('status', ['pending', 'processing'])
      .orWhereNotNull('next_retry_at')
      .pluck<number[]>('id');
    return rows.length;
  } finally {
    await database.close();
  }
}
