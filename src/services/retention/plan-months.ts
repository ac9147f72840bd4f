import type { Knex } from 'knex';

import { countKeptDetections, countMonth } from '../../db/queries/retention/footage-counts.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import { listDetectionPartitions, type PartitionRow } from '../../db/queries/partitions.ts';

/** A monthly table of detections with rows over age. */
export type PlannedMonth = {
  partition: string;
  /** YYYY-MM, of UTC. */
  month: string;
  rows: number;
  over_age: number;
  /** Of those over age: they stay for their event or track. */
  kept: number;
  total_bytes: number;
  /** Nothing in it stays. */
  isWhole: boolean;
};

/** Oldest first. Months in which everything stays are left out. */
export async function planMonths(knex: Knex, limits: readonly CameraLimit[]): Promise<PlannedMonth[]> {
  if (limits.length === 0) return [];
  const latest = limits.reduce((found, { before }) => (before > found ? before : found), new Date(0));
  const kept = await countKeptDetections(knex, limits);
  const months: PlannedMonth[] = [];
  for (const partition of await listDetectionPartitions(knex)) {
    if (partition.from >= latest) break;
    const month = { ...toMonth(partition), ...(await countMonth(knex, partition.name, limits)) };
    const stays = kept.get(month.month) ?? 0;
    const isOver = month.rows > 0 || partition.until <= latest;
    const planned = { ...month, kept: stays, isWhole: isOver && month.over_age === month.rows && stays === 0 };
    if (planned.isWhole || planned.over_age > 0) months.push(planned);
  }
  return months;
}

function toMonth({ name, from, total_bytes }: PartitionRow): Pick<PlannedMonth, 'partition' | 'month' | 'total_bytes'> {
  return { partition: name, month: from.toISOString().slice(0, 7), total_bytes };
}

/** What removing rows of these months gives back: whole tables at once, single rows for new ones to use. */
export function bytesOfMonths(months: readonly PlannedMonth[]): number {
  return months.reduce((sum, { isWhole, total_bytes: bytes, rows, over_age: old, kept }) => {
    return sum + (isWhole ? bytes : Math.round((bytes * (old - kept)) / rows));
  }, 0);
}
