// npm run build && npx tsx bench/idle/run.ts --workers 4 --seconds 30 --jobs 40
// What workers that have nothing to do ask the database, and how soon one of them begins a job that is left to them.
import { Command } from 'commander';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase, type Database } from '../../src/db/database.ts';
import { enqueue } from '../../src/jobs/ledger/enqueue.ts';
import { openLedger } from '../../src/jobs/ledger/ledger.ts';
import { alertJob } from '../../src/jobs/worker/queued-work.ts';

type Options = { workers: string; seconds: string; jobs: string };

const options = new Command()
  .option('--workers <n>', '', '4')
  .option('--seconds <n>', 'to count statements for', '30')
  .option('--jobs <n>', 'one after the other, each when all is idle', '40')
  .parse()
  .opts<Options>();

const BIN = resolve(import.meta.dirname, '../../bin/run.js');
const SETTLE_MS = 8000;

const home = await mkdtemp(join(tmpdir(), 'hs-bench-idle-'));
await chmod(home, 0o755); // as root the server runs as another account and must get through
const database = await openDatabase({ home, migrate: 'auto' });
const workers = Array.from({ length: Number(options.workers) }, () => startWorker());
try {
  await until(async () => (await countRuns(database)) === workers.length);
  await sleep(SETTLE_MS);
  await printIdle(database);
  await printLatency(database);
} finally {
  for (const worker of workers) worker.kill('SIGTERM');
  for (const worker of workers) if (worker.exitCode === null) await once(worker, 'exit');
  await database.close();
  await rm(home, { recursive: true, force: true });
}

function startWorker(): ChildProcess {
  const { PATH, HOME, TMPDIR } = process.env;
  const env = { PATH, HOME, TMPDIR, HS_HOME: home };
  return spawn(process.execPath, [BIN, 'worker', '--quiet', '--concurrency', '1'], { env, stdio: 'ignore' });
}

async function countRuns({ knex }: Database): Promise<number> {
  const [row] = await knex('runs').where({ command: 'worker', ended_at: null }).count<{ count: number }[]>();
  return row?.count ?? 0;
}

/** Each statement of an idle worker is a transaction of its own. */
async function printIdle({ knex }: Database): Promise<void> {
  const count = async (): Promise<number> => {
    const { rows } = await knex.raw<{ rows: { n: string }[] }>(
      `SELECT xact_commit + xact_rollback AS n FROM pg_stat_database WHERE datname = current_database()`,
    );
    return Number(rows[0]?.n ?? 0);
  };
  const [before, startedMs] = [await count(), performance.now()];
  await sleep(1000 * Number(options.seconds));
  const seconds = (performance.now() - startedMs) / 1000;
  const each = ((await count()) - before) / seconds / workers.length;
  console.log(`${String(workers.length)} idle workers: ${each.toFixed(2)} transactions/s each`);
}

/** From the commit that queues a job until the one that begins it is seen. */
async function printLatency({ knex }: Database): Promise<void> {
  const ledger = await openLedger(knex);
  const latenciesMs: number[] = [];
  for (let i = 0; i < Number(options.jobs); i += 1) {
    await sleep(300 + 900 * Math.random());
    const [job] = await enqueue(ledger, [alertJob()]);
    if (job === undefined) throw new Error('a job is there already');
    const queuedMs = performance.now();
    await until(async () => (await knex('jobs').where({ id: job.id, status: 'queued' })).length === 0, 2);
    latenciesMs.push(performance.now() - queuedMs);
    await until(async () => (await knex('jobs').where({ id: job.id, status: 'completed' })).length === 1);
  }
  await ledger.close();
  const sorted = latenciesMs.sort((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? NaN).toFixed(0);
  console.log(`from queued to begun: median ${at(0.5)} ms, p95 ${at(0.95)} ms, at most ${at(1)} ms (${String(sorted.length)} jobs)`);
}

async function until(isTrue: () => Promise<boolean>, everyMs = 50): Promise<void> {
  while (!(await isTrue())) await sleep(everyMs);
}
