import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../../src/db/database.ts';
import { layOutStore } from '../../src/db/embedded/store-layout.ts';
import { runHs, startHs } from '../helpers/run-hs.ts';
import { seededRandom } from '../unit/domain/make-detections.ts';
import { differences } from './differences.ts';
import { findViolations } from './find-violations.ts';
import { makeCrashingFfmpeg, makeSegmentFootage } from './segment-footage.ts';
import { installModel, startMachine, type Machine } from './storm-machines.ts';
import { readNormalisedRows, type NormalisedRows } from './stored-rows.ts';
import { flagsOfWorker, readTakeovers, type Struck } from './takeovers.ts';

export type Fault = 'kill' | 'freeze' | 'crash' | 'drop' | 'cut';

export type WorkerStormOptions = {
  segments: number;
  /** Length of each. */
  seconds: number;
  workers: number;
  poison: number;
  seed: number;
  /** Between two faults, on average. */
  everyMs: number;
  /** How many of each; a link can be cut where there are machines. */
  faults: Readonly<Record<Exclude<Fault, 'cut'>, number>> & { cut?: number };
  /** So many homes with a network between them and the database; undefined: all in one home. */
  machines?: number | undefined;
  /** An ONNX file with a card; undefined: the built-in detector. */
  model?: string | undefined;
  /** What the cameras see; undefined: a walker that is drawn. */
  clip?: string | undefined;
  log: (line: string) => void;
};

type Outcome = { counts: Record<string, number>; violations: string[] };

/** Longer than a lease, so that another worker has taken over when it thaws. */
const FREEZE_MS = 16_000;
const TAKEN_OVER_WITHIN_S = 20;

type Storm = WorkerStormOptions & {
  folder: string;
  /** Of the database. */
  home: string;
  footage: string;
  env: Record<string, string>;
  network: Machine[];
  random: () => number;
  /** What has struck so far. */
  struck: Struck[];
};
type WorkerProcess = { child: ChildProcess; number: number };

/** Leaves footage to workers that are killed, frozen, and robbed of their database and their queue; all must be as if nothing had happened. */
export async function runWorkerStorm(options: WorkerStormOptions): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'hs-worker-storm-'));
  await chmod(folder, 0o755); // as root the server runs as another account and must get through
  const [home, footage] = [join(folder, 'home'), join(folder, 'footage')];
  const network: Machine[] = [];
  try {
    await makeSegmentFootage(footage, options);
    const env = { HS_HOME: home, HS_FFMPEG: await makeCrashingFfmpeg(folder) };
    const storm: Storm = { ...options, folder, home, footage, env, network, random: seededRandom(options.seed), struck: [] };
    const undisturbed = await ingestUndisturbed(storm);
    await must(storm, ['db', 'start', '--keep']);
    await setUpNetwork(storm);
    await must(storm, ['ingest', '--queue', '--settle', '0', footage]);
    await runHs(['worker', '--queues', 'scan', '--once', '--quiet'], { env, timeoutMs: 600_000 });
    const startedMs = Date.now();
    await disturb(storm);
    const outcome = await inspect(storm, undisturbed);
    return {
      ...outcome,
      counts: { ...countFaults(storm), 'seconds of storm': Math.round((Date.now() - startedMs) / 1000), ...outcome.counts },
    };
  } finally {
    for (const { link } of network) await link.close();
    await runHs(['db', 'stop'], { env: { HS_HOME: home } });
    await rm(folder, { recursive: true, force: true });
  }
}

async function setUpNetwork({ home, folder, env, model, machines = 0, network }: Storm): Promise<void> {
  if (model !== undefined) await installModel(env, model);
  for (let index = 0; index < machines; index += 1)
    network.push(await startMachine(`machine-${String(index)}`, { folder, serverHome: home, common: env, model }));
}

async function must({ env }: Pick<Storm, 'env'>, args: readonly string[]): Promise<void> {
  const { code, stderr } = await runHs([...args, '--quiet'], { env, timeoutMs: 600_000 });
  if (code !== 0) throw new Error(`hs ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
}

async function ingestUndisturbed({ folder, footage, env, model }: Storm): Promise<NormalisedRows> {
  const home = join(folder, 'undisturbed');
  if (model !== undefined) await installModel({ ...env, HS_HOME: home }, model);
  // Poison is given up after three attempts, one a run.
  for (let run = 0; run < 3; run += 1) {
    await runHs(['ingest', '--settle', '0', '--quiet', footage], { env: { ...env, HS_HOME: home }, timeoutMs: 3_600_000 });
  }
  return withRows(home, (knex) => readNormalisedRows(knex, footage));
}

async function withRows<T>(home: string, read: (knex: Knex) => Promise<T>): Promise<T> {
  const database = await openDatabase({ home, migrate: 'require' });
  try {
    return await read(database.knex);
  } finally {
    await database.close();
  }
}

/** Faults at random moments while workers, replaced as they end, work all off. */
async function disturb(storm: Storm): Promise<void> {
  const left = new Map(Object.entries(storm.faults) as [Fault, number][]);
  const workers: (WorkerProcess | undefined)[] = Array.from({ length: storm.workers });
  const thawing: Promise<void>[] = [];
  let started = 0;
  for (;;) {
    for (const [slot, worker] of workers.entries())
      if (worker === undefined || hasEnded(worker.child)) workers[slot] = startWorker(storm, slot, ++started);
    await sleep(storm.everyMs * (0.5 + storm.random()));
    const fault = pick(left, storm.random);
    if (fault === undefined) break;
    const target = workers[Math.floor(storm.random() * workers.length)];
    const atMs = Date.now();
    if (!(await inject(storm, fault, { target: target?.child, thawing }))) continue;
    storm.struck.push({ fault, atMs, ...(ONE_WORKER.has(fault) && { worker: target?.number }) });
    left.set(fault, (left.get(fault) ?? 0) - 1);
  }
  await Promise.all(thawing);
  await endCalmly(storm, workers);
}

/** Faults of one worker; the others are of all of them. */
const ONE_WORKER: ReadonlySet<Fault> = new Set(['kill', 'freeze']);

const NAMES: Readonly<Record<Fault, string>> = {
  kill: 'workers killed',
  freeze: 'workers frozen',
  crash: 'databases shut down at once',
  drop: 'queues dropped',
  cut: 'networks cut',
};

function countFaults({ struck }: Storm): Record<string, number> {
  const kinds = Object.entries(NAMES).map(([fault, name]) => [name, struck.filter((one) => one.fault === fault).length] as const);
  return Object.fromEntries(kinds.filter(([, count]) => count > 0));
}

function pick(left: ReadonlyMap<Fault, number>, random: () => number): Fault | undefined {
  const all = [...left].flatMap(([fault, count]) => Array.from({ length: count }, () => fault));
  return all[Math.floor(random() * all.length)];
}

type Aim = { target: ChildProcess | undefined; thawing: Promise<void>[] };

/** False when there was nothing to hit. */
async function inject(storm: Storm, fault: Fault, { target, thawing }: Aim): Promise<boolean> {
  if (fault === 'crash') return crashDatabase(storm);
  if (fault === 'drop') return dropQueue(storm);
  if (fault === 'cut') return cutLink(storm, thawing);
  if (target === undefined || hasEnded(target)) return false;
  if (fault === 'kill') return target.kill('SIGKILL');
  target.kill('SIGSTOP');
  thawing.push(sleep(FREEZE_MS).then(() => void target.kill('SIGCONT')));
  return true;
}

async function crashDatabase(storm: Storm): Promise<boolean> {
  const pid = Number(readFileSync(layOutStore(storm.home).lockFile, 'utf8').split('\n')[0]);
  process.kill(pid, 'SIGQUIT');
  await sleep(500);
  await must(storm, ['db', 'start', '--keep']);
  return true;
}

async function dropQueue({ home }: Storm): Promise<boolean> {
  const dropped = withRows(home, (knex) => knex.raw('DROP SCHEMA IF EXISTS pgboss CASCADE'));
  // A worker at work may win: then there was nothing to hit.
  return dropped.then(
    () => true,
    (error: unknown) => {
      if ((error as { code?: string }).code === '40P01') return false;
      throw error;
    },
  );
}

function cutLink({ network, random }: Storm, healing: Promise<void>[]): boolean {
  // One at a time: with all of them cut off nobody could take over.
  const machine = network.some(({ link }) => link.isCut()) ? undefined : network[Math.floor(random() * network.length)];
  if (machine !== undefined) healing.push(machine.link.cut(FREEZE_MS, random() < 0.5));
  return machine !== undefined;
}

function startWorker({ env, network }: Storm, slot: number, number: number): WorkerProcess {
  const own = network[slot % Math.max(1, network.length)]?.env ?? env;
  const child = startHs(['worker', '--concurrency', '1', '--once', '--quiet', ...flagsOfWorker(number)], { env: own });
  child.stdout.resume();
  child.stderr.resume();
  return { child, number };
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

async function endCalmly(storm: Storm, workers: (WorkerProcess | undefined)[]): Promise<void> {
  for (const worker of workers) if (worker !== undefined && !hasEnded(worker.child)) await once(worker.child, 'exit');
  // Whatever the last of them left behind.
  await runHs(['worker', '--once', '--quiet'], { env: storm.env, timeoutMs: 3_600_000 });
}

async function inspect(storm: Storm, undisturbed: NormalisedRows): Promise<Outcome> {
  return withRows(storm.home, async (knex) => {
    const { rows: jobs } = await knex.raw<{ rows: { status: string; n: number; attempts: number }[] }>(
      `SELECT status, count(*)::int AS n, sum(attempt_number)::int AS attempts FROM jobs WHERE job_type = 'detect' GROUP BY 1 ORDER BY 1`,
    );
    const of = (status: string): number => jobs.find((row) => row.status === status)?.n ?? 0;
    const takeovers = await readTakeovers(knex, storm.struck);
    const late = takeovers.filter(({ seconds }) => seconds > TAKEN_OVER_WITHIN_S);
    const found = await readNormalisedRows(knex, storm.footage);
    const violations = [
      ...(await findViolations(knex)),
      ...differences(undisturbed, found),
      ...(of('completed') === storm.segments - storm.poison ? [] : [`${String(of('completed'))} segments are completed`]),
      ...(of('failed') === storm.poison ? [] : [`${String(of('failed'))} segments have failed`, ...(await tellFailed(knex))]),
      ...late.map(({ seconds, told }) => `a lost segment waited ${seconds.toFixed(1)} s for its next worker: ${told}`),
    ];
    const counts = {
      'detections stored': found.detections.length,
      'segments completed': of('completed'),
      'segments failed': of('failed'),
      'attempts at segments': jobs.reduce((sum, row) => sum + row.attempts, 0),
      'attempts that lost their worker': takeovers.length,
      'slowest takeover in seconds': Math.round(takeovers[0]?.seconds ?? 0),
    };
    return { counts, violations };
  });
}

type Knex = Awaited<ReturnType<typeof openDatabase>>['knex'];

/** How each attempt at a segment that failed ended. */
async function tellFailed(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { what: string }[] }>(
    `SELECT concat_ws(' ', j.id, 'attempt', a.attempt_number, a.started_at, a.ended_at, a.status, a.error_message) AS what
       FROM jobs j JOIN job_attempts a ON a.job_id = j.id WHERE j.job_type = 'detect' AND j.status = 'failed' ORDER BY j.id, a.attempt_number`,
  );
  return rows.map(({ what }) => what);
}
