import { countUnfinished } from '../../db/models/queued-jobs.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import { sleep } from '../../lib/sleep.ts';
import { claim, findNextStart } from '../ledger/claim.ts';
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
/** Who hears of what is new only has to see after what nobody tells of. */
const HEARD_POLL_MS = 5_000;
/** Who hears nothing asks less often, the longer there was nothing to do. */
const UNHEARD_POLL_MS = 2_000;
const SHORTEST_MS = 50;
const LONG_MS = 60_000;
const LEAVE_MS = 5_000;
/** Of the jobs that have a process, and as many that are being saved. */
const JOBS_PER_PROCESS = 2;

/** Claims and does jobs until there is a reason to end; no job is left under way behind the caller's back. */
export async function workOff(worker: LivingWorker, options: WorkOptions): Promise<EndReason> {
  const handlers = openHandlers();
  const running = new Set<Promise<void>>();
  const computing = new Set<Claim>();
  const trouble = new AbortController();
  const nap = createNap([worker.lost, trouble.signal, options.signal]);
  worker.news.onNews(nap.end);
  const parts = { ...options, running, computing, trouble, handlers, nap };
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

type Dispatch = WorkOptions & {
  running: Set<Promise<void>>;
  /** Those of them that need a process; of the others only the end is left. */
  computing: Set<Claim>;
  trouble: AbortController;
  handlers: Handlers;
  nap: Nap;
};

async function dispatch(worker: LivingWorker, options: Dispatch): Promise<EndReason> {
  const { queues, running, limits, nap } = options;
  let idleSince = Date.now();
  for (;;) {
    // What is told from here on is not slept through.
    nap.begin();
    const reason = reasonToEnd(worker, options);
    if (reason !== undefined) return reason;
    if (isFull(worker, options)) {
      await worker.content.giveBack();
      await nap.for(LONG_MS);
      continue;
    }
    const isSomething = await takeNext(worker, options);
    if (isSomething || running.size > 0) idleSince = Date.now();
    if (isSomething) continue;
    const idle = { queues, limits, idleMs: Date.now() - idleSince };
    if (running.size === 0 && (await isNothingLeft(worker, idle))) return 'empty';
    await nap.for(await pauseMs(worker, idle));
  }
}

/** Whether there was anything to do, also where it may not be begun while somebody prunes. */
async function takeNext(worker: LivingWorker, options: Dispatch): Promise<boolean> {
  const { ledger, runId: workerId, content } = worker;
  const claimed = await claim(ledger, { queues: options.queues, workerId, admits: content.admits });
  if (typeof claimed !== 'string') start(worker, claimed, options);
  await content.giveBack();
  if (claimed === 'refused') await options.nap.for(POLL_MS);
  return claimed !== 'nothing';
}

/** Whether all processes are taken, or so many jobs are being saved that no more should be begun. */
function isFull({ concurrency }: LivingWorker, { running, computing }: Dispatch): boolean {
  return computing.size >= concurrency || running.size >= JOBS_PER_PROCESS * concurrency;
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

/** Until when nothing is to be expected that nobody tells of. */
async function pauseMs({ ledger, news }: LivingWorker, { queues, limits, idleMs }: Left): Promise<number> {
  if (limits.once) return POLL_MS;
  if (!news.isHeard()) return Math.min(UNHEARD_POLL_MS, Math.max(POLL_MS, idleMs / 10));
  const endsInMs = Math.max(0, (limits.idleMs ?? Infinity) - idleMs);
  const nextMs = (await findNextStart(ledger, queues)) ?? Infinity;
  // At least a moment: what is there and is not handed out is another's just now.
  return Math.max(Math.min(HEARD_POLL_MS, endsInMs, nextMs), SHORTEST_MS);
}

function start(worker: LivingWorker, claimed: Claim, { running, computing, handlers, tally, onJob, trouble, nap }: Dispatch): void {
  const stop = new AbortController();
  const { id, job_type: jobType } = claimed.job;
  // What is still under way here was handed out again: that attempt was lost.
  worker.active.get(id)?.stop.abort(new StopJob('lost'));
  worker.active.set(id, { claim: claimed, stop });
  computing.add(claimed);
  const freeProcess = (): void => {
    if (computing.delete(claimed)) nap.end();
  };
  const startedMs = Date.now();
  const one = runOneJob(worker, claimed, { handler: handlers.of(claimed), signal: stop.signal, freeProcess })
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
      if (worker.active.get(id)?.stop === stop) worker.active.delete(id);
      computing.delete(claimed);
      running.delete(one);
      nap.end();
    });
  running.add(one);
}

/** Lets what is under way come to its end: as long as it takes, or, once the worker was told to stop, as long as it may take. */
async function settle(worker: LivingWorker, { running, graceMs, signal, nap }: Dispatch): Promise<void> {
  let stopAtMs = Infinity;
  while (running.size > 0 && !worker.lost.aborted && Date.now() < stopAtMs) {
    nap.begin();
    await worker.content.giveBack();
    if (signal.aborted) stopAtMs = Math.min(stopAtMs, Date.now() + graceMs);
    await nap.for(Math.min(LONG_MS, Math.max(1, stopAtMs - Date.now())));
  }
  stopAll(worker, worker.lost.aborted ? 'lost' : 'stopping');
}

function stopAll({ active }: LivingWorker, because: StopJob['because']): void {
  for (const { stop } of active.values()) stop.abort(new StopJob(because));
}

type Nap = { begin: () => void; for: (durationMs: number) => Promise<void>; end: () => void };

/** Waiting that ends early when a job has ended, when there is news, or when one of these signals comes; also what came since `begin`. */
function createNap(signals: readonly AbortSignal[]): Nap {
  let end = (): void => undefined;
  let isOver = false;
  const wake = (): void => {
    isOver = true;
    end();
  };
  for (const signal of signals) signal.addEventListener('abort', wake, { once: true });
  return {
    begin: () => (isOver = false),
    for: (durationMs) =>
      new Promise((resolve) => {
        if (isOver) {
          resolve();
          return;
        }
        const timer = setTimeout(resolve, durationMs);
        end = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    end: wake,
  };
}
