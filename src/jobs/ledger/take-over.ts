import { findJobForUpdate } from '../../db/models/jobs.ts';
import { findJobsOfEndedRuns } from '../../db/models/queued-jobs.ts';
import { isJobQueue } from '../../domain/job-queues.ts';
import { reapDeadRuns } from '../reap-dead-runs.ts';
import type { Ledger } from './ledger.ts';
import { endLostAttempt } from './lost-attempt.ts';

/** Hands out at once what a dead worker held: a process that is gone shows by its lock, long before its lease ends. */
export async function takeOverFromDead(ledger: Ledger): Promise<number> {
  await reapDeadRuns(ledger.knex);
  let taken = 0;
  for (const id of await findJobsOfEndedRuns(ledger.knex)) {
    const isTaken = await ledger.knex.transaction(async (trx) => {
      const job = await findJobForUpdate(trx, id);
      if (job?.status !== 'running' || job.queue_name === null || !isJobQueue(job.queue_name)) return false;
      if (!(await findJobsOfEndedRuns(trx)).includes(id)) return false;
      const failed = await endLostAttempt(trx, job, 'timeout');
      const engine = ledger.engine();
      if (failed.next_retry_at === null) await engine.remove(trx, job.queue_name, id);
      else await engine.release(trx, job.queue_name, id);
      return true;
    });
    if (isTaken) taken += 1;
  }
  return taken;
}
