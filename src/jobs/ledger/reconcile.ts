import type { Knex } from 'knex';

import type { JobEngine } from '../../db/engine/job-engine.ts';
import { findJobForUpdate, type JobRow } from '../../db/models/jobs.ts';
import { isJobQueue } from '../../domain/job-queues.ts';
import { endLostAttempt } from './lost-attempt.ts';

const AT_ONCE = 500;

/** Gives the engine every unfinished job that it does not know: after its schema was dropped, all of them. Returns how many. */
export async function reconcile(ledger: { knex: Knex; engine: () => JobEngine }): Promise<number> {
  let sent = 0;
  for (;;) {
    const ids = await ledger.engine().findUnknown(ledger.knex, { limit: AT_ONCE });
    for (const id of ids) {
      if (await ledger.knex.transaction((trx) => sendAgain(trx, ledger.engine(), id))) sent += 1;
    }
    if (ids.length < AT_ONCE) return sent;
  }
}

async function sendAgain(trx: Knex.Transaction, engine: JobEngine, id: string): Promise<boolean> {
  const found = await findJobForUpdate(trx, id);
  const queue = found?.queue_name ?? '';
  if (found === undefined || !isJobQueue(queue)) return false;
  // Two may reconcile at once: what the other one has sent, and perhaps a worker has taken, is known by now.
  if ((await engine.findUnknown(trx, { id })).length === 0) return false;
  const job = found.status === 'running' ? await endLostAttempt(trx, found, 'system') : found;
  if (!waits(job)) return false;
  await engine.remove(trx, queue, id);
  await engine.insert(trx, [{ id, queue, priority: job.priority, startAfter: job.next_retry_at ?? undefined }]);
  return true;
}

function waits({ status, next_retry_at }: JobRow): boolean {
  return status === 'queued' || (status === 'failed' && next_retry_at !== null);
}
