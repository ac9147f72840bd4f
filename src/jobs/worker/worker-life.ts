import { lockWorker, openLockSession, type LockSession } from '../../db/locks.ts';
import { hasRunningJobs } from '../../db/models/queued-jobs.ts';
import { endRun, heartbeat as beat, insertRun } from '../../db/models/runs.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { heartbeat } from '../ledger/heartbeat.ts';
import { reconcile } from '../ledger/reconcile.ts';
import { takeOverFromDead } from '../ledger/take-over.ts';
import { fireDueSchedules } from '../schedules/fire-due-schedules.ts';
import type { Claim } from '../ledger/ledger.ts';
import { createContentLock, type ContentLock } from './content-lock.ts';
import { listenForJobs, type JobNews } from './job-news.ts';
import { StopJob } from './run-one-job.ts';
import type { WorkerLife } from './worker-context.ts';

export type LifeOptions = Omit<WorkerLife, 'runId' | 'isAlive'> & {
  queues: readonly JobQueue[];
  args: Readonly<Record<string, unknown>>;
};

/** A worker that holds its run: others see it alive, its claims are kept, and what dead workers left is handed out. */
export type LivingWorker = WorkerLife & {
  /** Aborted when the connection that says it is alive has broken: it may write nothing more. */
  lost: AbortSignal;
  news: JobNews;
  content: ContentLock;
  /** Claims under way, each with what stops it. */
  active: Map<string, { claim: Claim; stop: AbortController }>;
  end: () => Promise<void>;
};

const BEAT_MS = 15_000;
const HEARTBEAT_MS = 3_000;
const SUPERVISE_MS = 5_000;
const SCHEDULES_MS = 5_000;
const RECONCILE_MS = 60_000;

export async function startLife(options: LifeOptions): Promise<LivingWorker> {
  const { database, args, version, settingsFingerprint } = options;
  const runId = uuidV7();
  const session = await openLockSession(database);
  try {
    await lockWorker(session, runId);
    const run = { id: runId, command: 'worker', args_json: { ...args }, hs_version: version, config_fingerprint: settingsFingerprint };
    await insertRun(database.knex, run);
    return await beginChores(options, { runId, session });
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

async function beginChores(options: LifeOptions, { runId, session }: { runId: string; session: LockSession }): Promise<LivingWorker> {
  const { database, ledger, queues } = options;
  const news = await listenForJobs({ knex: database.knex, session, runId, queues });
  const active: LivingWorker['active'] = new Map();
  await reconcile(ledger);
  // A worker that lives for a moment only hands out what those before it left.
  await takeOverFromDead(ledger);
  await fireDueSchedules(ledger);
  const chores = [
    every(BEAT_MS, () => beat(database.knex, runId)),
    every(HEARTBEAT_MS, () => keepClaims(options, active)),
    every(SUPERVISE_MS, () => superviseRunning(options).finally(news.wake)),
    every(SCHEDULES_MS, () => fireDueSchedules(ledger)),
    every(RECONCILE_MS, () => reconcile(ledger).then(() => supervise(options))),
  ];
  return {
    ...options,
    mayStart: () => options.mayStart() && !session.lost.aborted,
    isAlive: () => session.isAlive(),
    runId,
    active,
    news,
    content: createContentLock(session, active),
    lost: session.lost,
    end: async () => {
      await Promise.all(chores.map((stop) => stop()));
      await endRun(database.knex, runId, EXIT.ok).catch(() => undefined);
      await session.close().catch(() => undefined);
    },
  };
}

async function keepClaims({ ledger }: LifeOptions, active: LivingWorker['active']): Promise<void> {
  const claims = [...active.values()].map(({ claim }) => claim);
  for (const { jobId, because } of await heartbeat(ledger, claims)) active.get(jobId)?.stop.abort(new StopJob(because));
}

/** Where nobody is at a job nobody can have died at one. */
async function superviseRunning(options: LifeOptions): Promise<void> {
  if (await hasRunningJobs(options.ledger.knex)) await supervise(options);
}

async function supervise({ ledger }: LifeOptions): Promise<void> {
  await takeOverFromDead(ledger);
  try {
    await ledger.engine().supervise();
  } catch (error) {
    await ledger.renew(error);
  }
}

/** Does a chore again and again, never twice at once; one that fails is done at the next turn. */
function every(intervalMs: number, chore: () => Promise<unknown>): () => Promise<void> {
  let underWay: Promise<unknown> | undefined;
  const timer = setInterval(() => {
    underWay ??= chore()
      .catch(() => undefined)
      .finally(() => (underWay = undefined));
  }, intervalMs);
  return async () => {
    clearInterval(timer);
    await underWay;
  };
}
