import { dropMonth } from '../../db/drop-month.ts';
import { markFilesOfMonth } from '../../db/models/prune-footage.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import { planMonths } from './plan-months.ts';
import type { PruneWork } from './prune-work.ts';

/** Drops the months of detections of which nothing stays, each in a transaction of its own; returns their names. */
export async function pruneMonths({ knex, signal, onRemoved }: PruneWork, limits: readonly CameraLimit[]): Promise<string[]> {
  const months: string[] = [];
  for (const { partition, month, isWhole } of await planMonths(knex, limits)) {
    if (signal.aborted) break;
    if (!isWhole) continue;
    const { detections, tracks } = await dropMonth(knex, partition, (trx) => markFilesOfMonth(trx, partition));
    onRemoved('detections', detections);
    onRemoved('tracks', tracks);
    months.push(month);
  }
  return months;
}
