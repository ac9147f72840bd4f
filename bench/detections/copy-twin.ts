import type pg from 'pg';

/**
 * The yardstick: a table of the same shape (columns, defaults, partitions, checks, keys, indexes) that is filled with COPY from a file
 * next to the server.
 */
const TWIN = 'detections_twin';

export async function makeTwin(client: pg.Client): Promise<void> {
  await client.query(`CREATE TABLE ${TWIN} (LIKE detections INCLUDING ALL) PARTITION BY RANGE (detected_at)`);
  const { rows } = await client.query<{ name: string; bounds: string; options: string | null }>(
    `SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bounds, array_to_string(c.reloptions, ', ') AS options
       FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'detections'::regclass`,
  );
  for (const { name, bounds, options } of rows) {
    const storage = options === null ? '' : ` WITH (${options})`;
    await client.query(`CREATE TABLE ${name.replace('detections', TWIN)} PARTITION OF ${TWIN} ${bounds}${storage}`);
  }
  for (const key of await foreignKeys(client)) await client.query(`ALTER TABLE ${TWIN} ADD ${key}`);
}

async function foreignKeys(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ definition: string }>(
    `SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conrelid = 'detections'::regclass AND contype = 'f'`,
  );
  return rows.map(({ definition }) => definition);
}

/** Writes the rows after `lastId` to a file that the server may write, and returns the highest id. */
export async function exportRows(client: pg.Client, file: string, lastId: number): Promise<number> {
  await client.query(`COPY (SELECT * FROM detections WHERE id > ${String(lastId)} ORDER BY id) TO '${file}'`);
  const { rows } = await client.query<{ last: string }>('SELECT max(id) AS last FROM detections');
  return Number(rows[0]?.last ?? 0);
}

/** One statement, one transaction; returns the number of rows. */
export async function copyRows(client: pg.Client, file: string): Promise<number> {
  const { rowCount } = await client.query(`COPY ${TWIN} FROM '${file}'`);
  return rowCount ?? 0;
}

export type TableSize = { heapBytes: number; totalBytes: number };

/** Sums over the partitions; `totalBytes` with indexes and TOAST. */
export async function sizeOf(client: pg.Client, table: 'detections' | typeof TWIN): Promise<TableSize> {
  const { rows } = await client.query<{ heap: string; total: string }>(
    `SELECT sum(pg_relation_size(inhrelid)) AS heap, sum(pg_total_relation_size(inhrelid)) AS total
       FROM pg_inherits WHERE inhparent = $1::regclass`,
    [table],
  );
  return { heapBytes: Number(rows[0]?.heap), totalBytes: Number(rows[0]?.total) };
}

export async function dropTwin(client: pg.Client): Promise<void> {
  await client.query(`DROP TABLE ${TWIN}`);
}
