import { findDisturbed } from '../../db/models/queued-jobs.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import type { Claim, Ledger } from './ledger.ts';

/** What became of a claim: a user wants the job to stop, or it is another's by now. */
export type Disturbance = { jobId: string; because: 'cancelled' | 'lost' };

/** Tells the engine that these jobs are being worked on, and hears which of them are to be stopped. */
export async function heartbeat(ledger: Ledger, claims: readonly Claim[]): Promise<Disturbance[]> {
  if (claims.length === 0) return [];
  const disturbed = new Map<string, Disturbance>();
  const attempts = claims.map(({ job, attemptNumber }) => ({ jobId: job.id, attemptNumber }));
  for (const { id, cancelled } of await findDisturbed(ledger.knex, attempts)) {
    disturbed.set(id, { jobId: id, because: cancelled ? 'cancelled' : 'lost' });
  }
  const rest = claims.filter(({ job }) => !disturbed.has(job.id));
  for (const queue of new Set(rest.map((claim) => claim.queue))) {
    for (const { job } of await findUntouched(ledger, queue, rest)) disturbed.set(job.id, { jobId: job.id, because: 'lost' });
  }
  return [...disturbed.values()];
}

/** One statement for all; one each only where that says that something is wrong. */
async function findUntouched(ledger: Ledger, queue: JobQueue, claims: readonly Claim[]): Promise<Claim[]> {
  const engine = ledger.engine();
  const mine = claims.filter((claim) => claim.queue === queue);
  try {
    const isAlright = await engine.touch(
      queue,
      mine.map((claim) => claim.engine),
    );
    if (isAlright) return [];
    const lost: Claim[] = [];
    for (const claim of mine) if (!(await engine.touch(queue, [claim.engine]))) lost.push(claim);
    return lost;
  } catch (error) {
    if (!(await ledger.renew(error))) throw error;
    return mine;
  }
}
