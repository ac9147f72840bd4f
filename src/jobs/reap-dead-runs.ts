import type { Knex } from 'knex';
import { reapDeadRun, type ReapedRun } from '../db/models/reap-dead-run.ts';
import { findDeadRuns } from '../db/models/runs.ts';

/** Clears up after every run whose process is gone; a live run is recognised by its lock, so this needs no waiting time. */
export async function reapDeadRuns(knex: Knex): Promise<ReapedRun[]> {
  const reaped: ReapedRun[] = [];
  for (const { id } of await findDeadRuns(knex)) {
    const outcome = await reapDeadRun(knex, id);
    if (outcome !== undefined) reaped.push(outcome);
  }
  return reaped;
}
