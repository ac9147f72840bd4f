import { EXIT } from '../../errors/exit-codes.ts';
import { HsError, LockedError, UnavailableError } from '../../errors/hs-error.ts';
import { toErrorReport } from '../../errors/to-error-report.ts';
import { redactText } from '../../lib/redact.ts';
import { createJobLog } from '../job-log.ts';
import { createJobProgress } from '../job-progress.ts';
import { fail } from '../ledger/fail.ts';
import { finish, finishCancelled } from '../ledger/finish.ts';
import { FencedError, type Claim } from '../ledger/ledger.ts';
import type { JobEnd, JobHandler, JobRun, WorkerLife } from './worker-context.ts';

/** `lost`: another attempt has taken over, nothing was written. */
export type JobFate = 'done' | 'failed' | 'given-back' | 'cancelled' | 'lost';

/** Why a job is to stop; set as the reason of its signal. */
export class StopJob extends Error {
  readonly because: 'cancelled' | 'lost' | 'stopping';
  constructor(because: StopJob['because']) {
    super(because);
    this.because = because;
  }
}

type OneJob = { handler: JobHandler } & Pick<JobRun, 'signal' | 'freeProcess'>;

/** Does one job and moves it to where it belongs. Throws only what says that the database is away. */
export async function runOneJob(life: WorkerLife, claim: Claim, work: OneJob): Promise<JobFate> {
  const { database, ledger, logLevel, runId } = life;
  const progress = createJobProgress(database.knex, claim.job);
  const ids = { runId, jobId: claim.job.id, attemptNumber: claim.attemptNumber };
  const log = createJobLog({ knex: database.knex, component: claim.job.job_type, logLevel }, ids);
  const end = await endOf(life, { ...work, claim, log: log.write, progress: progress.report });
  await progress.close();
  if (end.kind === 'failed') log.write('error', end.message);
  await log.close();
  // What broke together with the worker's own connection says nothing against the job.
  if (end.kind === 'failed' && !(await life.isAlive())) return 'lost';
  try {
    return await move(ledger, claim, end);
  } catch (error) {
    if (error instanceof FencedError) return 'lost';
    throw error;
  }
}

type Ended = JobEnd | { kind: 'cancelled' } | { kind: 'lost' };
type Work = { handler: JobHandler } & JobRun;

async function endOf(life: WorkerLife, { handler, ...run }: Work): Promise<Ended> {
  try {
    const end = await handler(life, run);
    return stopOf(run.signal) ?? end;
  } catch (error) {
    if (error instanceof UnavailableError) {
      // Not the job's fault: another worker may have what this one lacks.
      life.onUnfit(error);
      return { kind: 'given-back' };
    }
    return stopOf(run.signal) ?? toFailure(error);
  }
}

/** Work that was told to stop did not come to its end, whatever it says. */
function stopOf({ aborted, reason }: AbortSignal): Ended | undefined {
  if (!aborted) return undefined;
  if (!(reason instanceof StopJob) || reason.because === 'stopping') return { kind: 'given-back' };
  return { kind: reason.because };
}

/** What a later attempt would meet as well is not tried again. */
function toFailure(error: unknown): Ended {
  const { exitCode, message } = toErrorReport(error);
  const isPermanent = error instanceof HsError && exitCode !== EXIT.temporary && !(error instanceof LockedError);
  const trace = error instanceof HsError || !(error instanceof Error) ? undefined : error.stack;
  const clear = (text: string): string => redactText(text).replaceAll('\0', '');
  return { kind: 'failed', message: clear(message), trace: trace && clear(trace), again: isPermanent ? 'never' : 'later' };
}

async function move(ledger: WorkerLife['ledger'], claim: Claim, end: Ended): Promise<JobFate> {
  switch (end.kind) {
    case 'done':
      await finish(ledger, claim, end);
      return 'done';
    case 'failed':
      await fail(ledger, claim, end);
      return 'failed';
    case 'given-back':
      await fail(ledger, claim, { message: 'its worker stopped and gave it back', again: 'at-once' });
      return 'given-back';
    case 'cancelled':
      await finishCancelled(ledger, claim);
      return 'cancelled';
    case 'lost':
      return 'lost';
  }
}
