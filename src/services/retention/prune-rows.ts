import { markPruned } from '../../db/models/prune-footage.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import { deleteExpiredHours, deleteTimedRows, type TimedTable } from '../../db/queries/retention/timed-rows.ts';
import { BATCH_ROWS, type PruneWork } from './prune-work.ts';

/** Tables of what ages by the wall clock, each row by itself. */
export const TIMED_TABLES = {
  gpu_stats: ['gpu_stats'],
  jobs: ['jobs', 'export_jobs'],
  logs: ['logs'],
} as const satisfies Record<string, TimedTable[]>;

export async function pruneTimed(work: PruneWork, table: TimedTable, before: Date): Promise<void> {
  await inBatches(work, table, () => deleteTimedRows(work.knex, table, { before, limit: BATCH_ROWS }));
}

/** Hours that no score and no baseline looks at any more. */
export async function pruneHours(work: PruneWork, limits: readonly CameraLimit[]): Promise<void> {
  for (const limit of limits) {
    await inBatches(work, 'activity_hours', () =>
      work.knex.transaction(async (trx) => {
        const count = await deleteExpiredHours(trx, limit, BATCH_ROWS);
        if (count > 0) await markPruned(trx, limit);
        return count;
      }),
    );
  }
}

async function inBatches({ signal, onRemoved }: PruneWork, table: string, remove: () => Promise<number>): Promise<void> {
  for (let count = BATCH_ROWS; count === BATCH_ROWS && !signal.aborted;) {
    count = await remove();
    onRemoved(table, count);
  }
}
