import { countUnfinished } from '../../db/models/queued-jobs.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import { sleep } from '../../lib/sleep.ts';
import { claim } from '../ledger/claim.ts';
import type { Claim } from '../ledger/ledger.ts';
import { openHandlers, type Handlers } from './handlers.ts';
import { runOneJob, StopJob } from './run-one-job.ts';
import type { RunWorkerOptions, WorkerTally } from './worker-options.ts';
import type { LivingWorker } from './worker-life.ts';

/** `empty`: nothing left to do · `limit`: work remains. */
export type EndReason = 'signal' | 'empty' | 'limit' | 'database-lost';

type WorkOptions = Pick<RunWorkerOptions, 'queues' | 'limits' | 'graceMs' | 'signal' | 'onJob'> & {
  tally: WorkerTally;
  mayStart: () => boolean;
};

const POLL_MS = 500;
const LONG_MS = 60_000;
const LEAVE_MS = 5_000;

/** Claims and does jobs until there is a reason to end; no job is left under way behind the caller's back. */
export async function workOff(worker: LivingWorker, options: WorkOptions): Promise<EndReason> {
  const handlers = openHandlers();
  const running = new Set<Promise<void>>();
  const trouble = new AbortController();
  const nap = createNap([worker.lost, trouble.signal, options.signal]);
  const parts = { ...options, running, trouble, handlers, nap };
  try {
    const reason = await dispatch(worker, parts);
    if (reason === 'database-lost') stopAll(worker, 'lost');
    else await settle(worker, parts);
    return trouble.signal.aborted || worker.lost.aborted ? 'database-lost' : reason;
  } finally {
    // What does not come to its end ends with this process; its claims are another's by then.
    const left = new AbortController();
    await Promise.race([Promise.all([handlers.close(), ...running]), sleep(LEAVE_MS, left.signal)]).catch(() => undefined);
    left.abort();
  }
}

type Dispatch = WorkOptions & { running: Set<Promise<void>>; trouble: AbortController; handlers: Handlers; nap: Nap };

async function dispatch(worker: LivingWorker, options: Dispatch): Promise<EndReason> {
  const { queues, running, limits, nap } = options;
  let idleSince = Date.now();
  for (;;) {
    const reason = reasonToEnd(worker, options);
    if (reason !== undefined) return reason;
    if (running.size >= worker.concurrency) {
      await nap.for(LONG_MS);
      continue;
    }
    const claimed = await claim(worker.ledger, { queues, workerId: worker.runId });
    if (typeof claimed !== 'string') start(worker, claimed, options);
    if (claimed !== 'nothing' || running.size > 0) idleSince = Date.now();
    if (claimed !== 'nothing') continue;
    if (running.size === 0 && (await isNothingLeft(worker, { queues, limits, idleMs: Date.now() - idleSince }))) return 'empty';
    await nap.for(POLL_MS);
  }
}

function reasonToEnd({ lost }: LivingWorker, { trouble, signal, mayStart }: Dispatch): EndReason | undefined {
  if (lost.aborted || trouble.signal.aborted) return 'database-lost';
  if (signal.aborted) return 'signal';
  return mayStart() ? undefined : 'limit';
}

type Left = Pick<WorkOptions, 'limits'> & { queues: readonly JobQueue[]; idleMs: number };

async function isNothingLeft({ ledger }: LivingWorker, { limits, queues, idleMs }: Left): Promise<boolean> {
  if (limits.idleMs !== undefined && idleMs >= limits.idleMs) return true;
  return limits.once && (await countUnfinished(ledger.knex, queues)) === 0;
}

function start(worker: LivingWorker, claimed: Claim, { running, handlers, tally, onJob, trouble, nap }: Dispatch): void {
  const stop = new AbortController();
  const { id, job_type: jobType } = claimed.job;
  worker.active.set(id, { claim: claimed, stop });
  const startedMs = Date.now();
  const one = runOneJob(worker, claimed, { handler: handlers.of(claimed.queue), signal: stop.signal })
    .then((fate) => {
      tally[fate] += 1;
      onJob({ jobType, id, fate, seconds: (Date.now() - startedMs) / 1000 });
    })
    .catch((error: unknown) => {
      // The ledger could not be written: the job comes again when its lease is over.
      tally.lost += 1;
      trouble.abort(error);
    })
    .finally(() => {
      worker.active.delete(id);
      running.delete(one);
      nap.end();
    });
  running.add(one);
}

/** Lets what is under way come to its end: as long as it takes, or, once the worker was told to stop, as long as it may take. */
async function settle(worker: LivingWorker, { running, graceMs, signal, nap }: Dispatch): Promise<void> {
  let stopAtMs = Infinity;
  while (running.size > 0 && !worker.lost.aborted && Date.now() < stopAtMs) {
    if (signal.aborted) stopAtMs = Math.min(stopAtMs, Date.now() + graceMs);
    await nap.for(Math.min(LONG_MS, Math.max(1, stopAtMs - Date.now())));
  }
  stopAll(worker, worker.lost.aborted ? 'lost' : 'stopping');
}

function stopAll({ active }: LivingWorker, because: StopJob['because']): void {
  for (const { stop } of active.values()) stop.abort(new StopJob(because));
}

type Nap = { for: (durationMs: number) => Promise<void>; end: () => void };

/** Waiting that ends early when a job has ended, or when one of these signals comes. */
function createNap(signals: readonly AbortSignal[]): Nap {
  let end = (): void => undefined;
  const wake = (): void => {
    end();
  };
  for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
  return {
    for: (durationMs) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, durationMs);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: wake,
  };
}
