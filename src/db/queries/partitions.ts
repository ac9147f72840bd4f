import type { Knex } from 'knex';

export type PartitionRow = {
  name: string;
  /** First instant of its UTC month. */
  from: Date;
  /** First instant of the month after. */
  until: Date;
  /** As the planner believes; null before the first ANALYZE. */
  rows_estimate: number | null;
  is_empty: boolean;
  table_bytes: number;
  index_bytes: number;
  total_bytes: number;
};

const MONTH = /^detections_y(\d{4})m(\d\d)$/;

/** Monthly tables of `detections`, oldest first. */
export async function listDetectionPartitions(knex: Knex): Promise<PartitionRow[]> {
  const { rows } = await knex.raw<{ rows: Omit<PartitionRow, 'from' | 'until' | 'is_empty'>[] }>(
    `SELECT c.relname AS name, nullif(c.reltuples, -1)::bigint AS rows_estimate, pg_table_size(c.oid) AS table_bytes,
            pg_indexes_size(c.oid) AS index_bytes, pg_total_relation_size(c.oid) AS total_bytes
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'detections'::regclass ORDER BY c.relname`,
  );
  const filled = await findFilled(
    knex,
    rows.map(({ name }) => name),
  );
  return rows.map((row) => ({ ...row, ...monthOf(row.name), is_empty: !filled.has(row.name) }));
}

/** First instants of the month that a partition's name says and of the next one. */
export function monthOf(name: string): { from: Date; until: Date } {
  const [, year, month] = MONTH.exec(name) ?? [];
  if (year === undefined || month === undefined) throw new Error(`${name} is not the name of a month of detections`);
  return { from: new Date(Date.UTC(Number(year), Number(month) - 1)), until: new Date(Date.UTC(Number(year), Number(month))) };
}

/** Asks each table for one row; the planner's numbers may be of long ago. */
async function findFilled(knex: Knex, names: readonly string[]): Promise<Set<string>> {
  if (names.length === 0) return new Set();
  const look = names.map(() => 'SELECT ?::text AS name, EXISTS (SELECT FROM ONLY ??) AS filled').join(' UNION ALL ');
  const { rows } = await knex.raw<{ rows: { name: string; filled: boolean }[] }>(
    look,
    names.flatMap((name) => [name, name]),
  );
  return new Set(rows.flatMap(({ name, filled }) => (filled ? [name] : [])));
}
