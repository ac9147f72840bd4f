import type { Knex } from 'knex';

/** A table that names cameras by a foreign key. */
export type CameraTable = { table: string; column: string };

/** Read from the catalogs, so that tables that come later are not forgotten. */
export async function findCameraTables(knex: Knex): Promise<CameraTable[]> {
  const { rows } = await knex.raw<{ rows: CameraTable[] }>(
    `SELECT k.conrelid::regclass::text AS "table", a.attname::text AS "column"
       FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid AND NOT c.relispartition
       JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
      WHERE k.contype = 'f' AND k.confrelid = 'cameras'::regclass AND cardinality(k.conkey) = 1
      ORDER BY 1`,
  );
  return rows;
}

/** How many rows of each table belong to a camera; tables without any are left out. */
export async function countCameraRows(knex: Knex, cameraId: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { table, column } of await findCameraTables(knex)) {
    const { rows } = await knex.raw<{ rows: [{ count: number }] }>('SELECT count(*) FROM ?? WHERE ?? = ?', [table, column, cameraId]);
    if (rows[0].count > 0) counts[table] = rows[0].count;
  }
  return counts;
}

/** Runs that a camera's unfinished files wait for. */
export async function findRunsAtCamera(knex: Knex, cameraId: string): Promise<string[]> {
  return knex('media_files')
    .where({ camera_id: cameraId })
    .whereIn('status', ['pending', 'processing'])
    .whereNotNull('run_id')
    .distinct()
    .pluck<string[]>('run_id');
}
