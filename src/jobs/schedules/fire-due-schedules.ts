import type { Knex } from 'knex';

import { readDatabaseClock } from '../../db/database-clock.ts';
import type { JobEngine } from '../../db/engine/job-engine.ts';
import { findDueSchedules, lockDueSchedule, saveScheduleTurn, type ScheduleRow } from '../../db/models/schedules.ts';
import type { ScheduleFate } from '../../domain/enums.ts';
import { nextDue } from '../../services/schedules/next-due.ts';
import { enqueueWithin } from '../ledger/enqueue.ts';
import { withEngine, type Ledger } from '../ledger/ledger.ts';
import { scheduledJob } from '../worker/queued-work.ts';

/** A time that is noticed later than this was missed: no worker was there. */
const MISSED_AFTER_MS = 60_000;

/**
 * Queues the commands of schedules that are due, whoever notices first: the row moves on in the transaction that queues the job, so each
 * time is acted on once, by however many workers. Returns how many were queued.
 */
export async function fireDueSchedules(ledger: Ledger): Promise<number> {
  let queued = 0;
  for (const name of await findDueSchedules(ledger.knex)) {
    if ((await withEngine(ledger, (trx, engine) => fire(trx, engine, name))) === 'queued') queued += 1;
  }
  return queued;
}

async function fire(trx: Knex.Transaction, engine: JobEngine, name: string): Promise<ScheduleFate | undefined> {
  const schedule = await lockDueSchedule(trx, name);
  if (schedule === undefined) return undefined;
  const now = await readDatabaseClock(trx);
  const turn = { next_due_at: nextDue(schedule, now), last_due_at: schedule.next_due_at };
  if (schedule.missed === 'skip' && isMissed(schedule, now)) {
    await saveScheduleTurn(trx, name, { ...turn, last_fate: 'missed' });
    return 'missed';
  }
  const [job] = await enqueueWithin(trx, engine, [scheduledJob(schedule)]);
  const last_fate = job === undefined ? 'left_out' : 'queued';
  await saveScheduleTurn(trx, name, { ...turn, last_fate, ...(job === undefined ? {} : { last_job_id: job.id }) });
  return last_fate;
}

function isMissed({ next_due_at: dueAt }: ScheduleRow, now: Date): boolean {
  return now.getTime() - dueAt.getTime() > MISSED_AFTER_MS;
}
