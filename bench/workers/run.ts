// npm run build && npx tsx bench/workers/run.ts --workers 2 --files 24 --seconds 300 --rounds 3
// The same footage by N workers that share a queue, and by N direct runs with a part of it each.
import { Command } from 'commander';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { openDatabase } from '../../src/db/database.ts';
import { makeSegmentFootage } from '../../test/faults/segment-footage.ts';

type Options = { workers: string; files: string; seconds: string; rounds: string };

const options = new Command()
  .option('--workers <n>', 'processes of each side', '2')
  .option('--files <n>', 'one camera each', '24')
  .option('--seconds <n>', 'of footage in a file: a segment has up to 300', '300')
  .option('--rounds <n>', '', '3')
  .parse()
  .opts<Options>();
const [count, files, rounds] = [options.workers, options.files, options.rounds].map(Number) as [number, number, number];

const BIN = resolve(import.meta.dirname, '../../bin/run.js');
const TICKS_A_SECOND = 100;
const INGEST = ['ingest', '--detector', 'motion', '--settle', '0', '--quiet'];

const folder = await mkdtemp(join(tmpdir(), 'hs-bench-workers-'));
await chmod(folder, 0o755); // as root the server runs as another account and must get through
try {
  const parts = await makeParts();
  const ratios: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    // In turns: who comes second finds the files in memory.
    const [first, second] = round % 2 === 1 ? ([direct, queued] as const) : ([queued, direct] as const);
    const times = { [first.name]: await timed(round, parts, first), [second.name]: await timed(round, parts, second) };
    const [one, other] = [times['direct'], times['queued']];
    if (one === undefined || other === undefined) throw new Error('a side has no name');
    ratios.push(one.lookedS / other.lookedS);
    const shares = `ratio ${(one.lookedS / other.lookedS).toFixed(2)}, by CPU time ${(one.cpuS / other.cpuS).toFixed(2)}`;
    console.log(`round ${String(round)}: direct ${shown(one)}; queued ${shown(other)}; ${shares}`);
  }
  const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)] ?? NaN;
  console.log(
    `${String(count)} workers look at ${median.toFixed(2)} of what as many direct runs look at (median of ${String(rounds)} rounds; at least 0.9)`,
  );
  if (!(median >= 0.9)) process.exitCode = 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** As many folders as there are processes, with as many cameras each. */
async function makeParts(): Promise<string[]> {
  const all = join(folder, 'all');
  await makeSegmentFootage(all, { segments: files, poison: 0, seconds: Number(options.seconds) });
  const parts = Array.from({ length: count }, (_, i) => join(folder, `part-${String(i)}`));
  for (const part of parts) await mkdir(part);
  for (const [i, camera] of (await readdir(all)).sort().entries()) await rename(join(all, camera), join(parts[i % count] ?? all, camera));
  return parts;
}

type Side = (home: string, parts: readonly string[]) => Promise<void>;

async function direct(home: string, parts: readonly string[]): Promise<void> {
  await Promise.all(parts.map((part) => hs(home, [...INGEST, '--workers', '1', part])));
}

async function queued(home: string, parts: readonly string[]): Promise<void> {
  await hs(home, [...INGEST, '--queue', ...parts]);
  await Promise.all(parts.map(() => hs(home, ['worker', '--once', '--quiet', '--concurrency', '1'])));
}

/**
 * From the first start until the last file was looked at, and until the last process has ended (events formed and rated; a queue waits some
 * seconds before that). `busy`: the share of the time from the first file to the last in which the processes looked at footage. `cpuS`: of all
 * processes until their end, without the database.
 */
type Times = { lookedS: number; endedS: number; busy: number; cpuS: number };

function shown({ lookedS, endedS, busy, cpuS }: Times): string {
  return `${(files / lookedS).toFixed(2)} files/s, ${(100 * busy).toFixed(0)} % busy, over after ${endedS.toFixed(1)} s, ${cpuS.toFixed(1)} CPU-s`;
}

type Looked = { status: string; processed_at: Date; analysis_ms: number };

/** With a database that is there already. */
async function timed(round: number, parts: readonly string[], side: Side): Promise<Times> {
  const home = join(folder, `${side.name}-${String(round)}`);
  await mkdir(home, { mode: 0o755 });
  const database = await openDatabase({ home, migrate: 'auto' });
  try {
    const [startedMs, cpuBeforeS] = [Date.now(), await childrenCpuS()];
    await side(home, parts);
    const [endedS, cpuS] = [(Date.now() - startedMs) / 1000, (await childrenCpuS()) - cpuBeforeS];
    const done = await database.knex<Looked>('media_files').where({ status: 'done' }).select('processed_at', 'analysis_ms');
    if (done.length !== files) throw new Error(`${side.name}: ${String(done.length)} of ${String(files)} files were done`);
    const lastMs = Math.max(...done.map((file) => file.processed_at.getTime()));
    const firstMs = Math.min(...done.map((file) => file.processed_at.getTime() - file.analysis_ms));
    const lookingMs = done.reduce((sum, file) => sum + file.analysis_ms, 0);
    return { lookedS: (lastMs - startedMs) / 1000, endedS, busy: lookingMs / (count * (lastMs - firstMs)), cpuS };
  } finally {
    await database.close();
  }
}

/** Of all processes that were waited for, with those that they waited for; NaN where the system does not tell. */
async function childrenCpuS(): Promise<number> {
  const text = await readFile('/proc/self/stat', 'utf8').catch(() => '');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS_A_SECOND;
}

async function hs(home: string, args: readonly string[]): Promise<void> {
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(process.execPath, [BIN, ...args], {
    env: { PATH, HOME, TMPDIR, HS_HOME: home },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`hs ${args.join(' ')} ended with ${String(code)}`);
}
