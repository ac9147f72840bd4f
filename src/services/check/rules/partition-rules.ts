import { dropEmptyPartitions, findEmptyPartitions, findRepeatedIds, findWrongPartitions } from '../../../db/queries/check/partitions.ts';
import type { CheckRule } from '../check-rule.ts';

/** Detections are kept so long unless said otherwise. */
const RETENTION_DAYS = 30;

export const PARTITION_RULES: readonly CheckRule[] = [
  {
    id: 'P1',
    severity: 'E',
    title: 'Detections have no default partition, and each partition covers exactly the month in its name, in UTC.',
    why: 'Months are created, searched and dropped by name: one that covers another span takes or loses rows of other months.',
    find: findWrongPartitions,
  },
  {
    id: 'P2',
    severity: 'E',
    title: 'No detection id occurs twice.',
    why: 'PostgreSQL cannot hold the id of a partitioned table unique without its time: only the one sequence does.',
    effort: 'deep',
    find: findRepeatedIds,
  },
  {
    id: 'P3',
    severity: 'W',
    title: `No month that is over for more than ${String(RETENTION_DAYS)} days of footage is an empty partition without files.`,
    why: 'Left-overs of deleted cameras and files: each costs locks and planning time in every query that gives no time span.',
    find: findEmptyPartitions(RETENTION_DAYS),
    fix: { does: 'drops them', run: dropEmptyPartitions(RETENTION_DAYS) },
  },
];
