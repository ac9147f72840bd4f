import type { Knex } from 'knex';

import { listDetectionPartitions, type PartitionRow } from '../../db/queries/partitions.ts';

/** Columns of a monthly table in their order; new ones are only ever added at the end. */
export const PARTITION_COLUMNS = ['name', 'month', 'rows_estimate', 'is_empty', 'table_bytes', 'index_bytes', 'total_bytes'] as const;

export type PartitionRecord = Readonly<Record<(typeof PARTITION_COLUMNS)[number], string | number | boolean | null>>;

/** Monthly tables of `detections`, oldest first, as people and programs read them. */
export async function listPartitions(knex: Knex, options: { emptyOnly: boolean }): Promise<PartitionRecord[]> {
  const rows = await listDetectionPartitions(knex);
  return rows.filter(({ is_empty: isEmpty }) => isEmpty || !options.emptyOnly).map(toRecord);
}

function toRecord({ name, from, rows_estimate, is_empty, table_bytes, index_bytes, total_bytes }: PartitionRow): PartitionRecord {
  return { name, month: from.toISOString().slice(0, 7), rows_estimate, is_empty, table_bytes, index_bytes, total_bytes };
}
