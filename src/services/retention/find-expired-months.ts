import type { Knex } from 'knex';

import { findFootageEnds, readMonthContents } from '../../db/queries/expired-months.ts';
import { listDetectionPartitions, type PartitionRow } from '../../db/queries/partitions.ts';
import { expiresBefore, type AgeLimit } from './parse-age.ts';

/** A month of detections that every camera in it has outlived. */
export type ExpiredMonth = {
  /** YYYY-MM, of UTC. */
  month: string;
  partition: string;
  detections: number;
  total_bytes: number;
  cameras: string[];
  /** Events with notes, a flag or a missed threat whose detections lie in it; while there is one, the month stays. */
  kept_events: number;
};

/**
 * Months that lie wholly before the limit, by the newest footage of each camera with detections in them, so that a camera that
 * stopped recording keeps what it has. Oldest first.
 */
export async function findExpiredMonths(knex: Knex, limit: AgeLimit): Promise<ExpiredMonth[]> {
  const limits = new Map([...(await findFootageEnds(knex))].map(([camera, end]) => [camera, expiresBefore(limit, end)]));
  const latest = [...limits.values()].reduce((a, b) => (a > b ? a : b), 'before' in limit ? limit.before : new Date(0));
  const expired: ExpiredMonth[] = [];
  for (const partition of await listDetectionPartitions(knex)) {
    if (partition.until > latest) break;
    const found = await toExpired(knex, partition, limits);
    if (found) expired.push(found);
  }
  return expired;
}

async function toExpired(knex: Knex, partition: PartitionRow, limits: ReadonlyMap<string, Date>): Promise<ExpiredMonth | undefined> {
  const contents = await readMonthContents(knex, partition.name);
  const isOutlived = contents.cameras.every((camera) => partition.until <= (limits.get(camera) ?? new Date(0)));
  if (!isOutlived) return undefined;
  const { name, from, total_bytes } = partition;
  return { month: from.toISOString().slice(0, 7), partition: name, total_bytes, ...contents };
}
