import { EXIT, mostTellingExitCode, type ExitCode } from '../../errors/exit-codes.ts';
import type { UnavailableError } from '../../errors/hs-error.ts';
import { toErrorReport } from '../../errors/to-error-report.ts';
import { sleep } from '../../lib/sleep.ts';
import { openLedger } from '../ledger/ledger.ts';
import { startLife } from './worker-life.ts';
import { workOff, type EndReason } from './work-off.ts';
import type { RunWorkerOptions, WorkerLimits, WorkerTally } from './worker-options.ts';

export type WorkerOutcome = { tally: WorkerTally; stoppedBy: EndReason; exitCode: ExitCode };

const RETRY_MS = 1000;
const RETRY_AT_MOST_MS = 5000;

/**
 * Works off the jobs of its queues. A database that goes away ends what is under way, without a trace of it in the ledger; when
 * it is back the worker goes on under a new run. Throws UnavailableError when it turns out not to be able to do what it claimed.
 */
export async function runWorker(options: RunWorkerOptions): Promise<WorkerOutcome> {
  const { database, limits, signal, warn } = options;
  const tally: WorkerTally = { done: 0, failed: 0, 'given-back': 0, cancelled: 0, lost: 0 };
  let waitMs = RETRY_MS;
  for (;;) {
    try {
      const ledger = await openLedger(database.knex, warn);
      let unfit: UnavailableError | undefined;
      const life = await startLife({
        ...options,
        ledger,
        mayStart: () => !signal.aborted,
        onUnfit: (error) => (unfit = error),
      });
      waitMs = RETRY_MS;
      try {
        const stoppedBy = await workOff(life, {
          ...options,
          tally,
          mayStart: () => unfit === undefined && !isOver(limits, tally, life.active.size),
        });
        if (unfit !== undefined) throw unfit;
        if (stoppedBy !== 'database-lost') return { tally, stoppedBy, exitCode: exitCodeOf(tally, stoppedBy, signal) };
      } finally {
        await life.end();
        await ledger.close().catch(() => undefined);
      }
    } catch (error) {
      if (toErrorReport(error).exitCode !== EXIT.temporary) throw error;
      warn(toErrorReport(error).message);
    }
    if (signal.aborted) return { tally, stoppedBy: 'signal', exitCode: exitCodeOf(tally, 'signal', signal) };
    await sleep(waitMs, signal);
    waitMs = Math.min(RETRY_AT_MOST_MS, 2 * waitMs);
  }
}

/** `active`: jobs under way. */
function isOver({ maxJobs, deadline }: WorkerLimits, tally: WorkerTally, active: number): boolean {
  const begun = tally.done + tally.failed + tally.cancelled + active;
  return (maxJobs !== undefined && begun >= maxJobs) || (deadline !== undefined && Date.now() >= deadline.getTime());
}

function exitCodeOf(tally: WorkerTally, stoppedBy: EndReason, signal: AbortSignal): ExitCode {
  const codes: ExitCode[] = [];
  if (tally.failed > 0) codes.push(EXIT.someFailed);
  if (stoppedBy === 'limit') codes.push(EXIT.limitReached);
  if (stoppedBy === 'signal') codes.push(toErrorReport(signal.reason).exitCode);
  return mostTellingExitCode(codes);
}
