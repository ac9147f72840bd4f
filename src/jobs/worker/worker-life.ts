import { lockRun, openLockSession, type LockSession } from '../../db/locks.ts';
import { endRun, heartbeat as beat, insertRun } from '../../db/models/runs.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { heartbeat } from '../ledger/heartbeat.ts';
import { reconcile } from '../ledger/reconcile.ts';
import { takeOverFromDead } from '../ledger/take-over.ts';
import { fireDueSchedules } from '../schedules/fire-due-schedules.ts';
import type { Claim } from '../ledger/ledger.ts';
import { StopJob } from './run-one-job.ts';
import type { WorkerLife } from './worker-context.ts';

export type LifeOptions = Omit<WorkerLife, 'runId'> & { args: Readonly<Record<string, unknown>> };

/** A worker that holds its run: others see it alive, its claims are kept, and what dead workers left is handed out. */
export type LivingWorker = WorkerLife & {
  /** Aborted when the connection that says it is alive has broken: it may write nothing more. */
  lost: AbortSignal;
  /** Claims under way, each with what stops it. */
  active: Map<string, { claim: Claim; stop: AbortController }>;
  end: () => Promise<void>;
};

const HEARTBEAT_MS = 3_000;
const SUPERVISE_MS = 5_000;
const SCHEDULES_MS = 5_000;
const RECONCILE_MS = 60_000;

export async function startLife(options: LifeOptions): Promise<LivingWorker> {
  const { database, args, version, settingsFingerprint } = options;
  const runId = uuidV7();
  const session = await openLockSession(database);
  try {
    await lockRun(session, runId);
    const run = { id: runId, command: 'worker', args_json: { ...args }, hs_version: version, config_fingerprint: settingsFingerprint };
    await insertRun(database.knex, run);
    return await beginChores(options, { runId, session });
  } catch (error) {
    await session.close().catch(() => undefined);
    throw error;
  }
}

async function beginChores(options: LifeOptions, { runId, session }: { runId: string; session: LockSession }): Promise<LivingWorker> {
  const { database, ledger } = options;
  const active: LivingWorker['active'] = new Map();
  await reconcile(ledger);
  // A worker that lives for a moment only hands out what those before it left.
  await takeOverFromDead(ledger);
  await fireDueSchedules(ledger);
  const chores = [
    every(HEARTBEAT_MS, () => keepClaims(options, { runId, active })),
    every(SUPERVISE_MS, () => supervise(options)),
    every(SCHEDULES_MS, () => fireDueSchedules(ledger)),
    every(RECONCILE_MS, () => reconcile(ledger)),
  ];
  return {
    ...options,
    mayStart: () => options.mayStart() && !session.lost.aborted,
    runId,
    active,
    lost: session.lost,
    end: async () => {
      await Promise.all(chores.map((stop) => stop()));
      await endRun(database.knex, runId, EXIT.ok).catch(() => undefined);
      await session.close().catch(() => undefined);
    },
  };
}

async function keepClaims({ database, ledger }: LifeOptions, { runId, active }: Pick<LivingWorker, 'runId' | 'active'>): Promise<void> {
  await beat(database.knex, runId);
  const claims = [...active.values()].map(({ claim }) => claim);
  for (const { jobId, because } of await heartbeat(ledger, claims)) active.get(jobId)?.stop.abort(new StopJob(because));
}

async function supervise({ ledger }: LifeOptions): Promise<void> {
  await takeOverFromDead(ledger);
  try {
    await ledger.engine().supervise();
  } catch (error) {
    if (await ledger.renew(error)) await reconcile(ledger);
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
