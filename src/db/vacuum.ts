import type { Knex } from 'knex';

export type VacuumTarget = { table: string; is_owner: boolean; total_bytes: number };

/** Tables with rows of their own, by name; of detections the monthly ones. */
export async function listVacuumTargets(knex: Knex): Promise<VacuumTarget[]> {
  const { rows } = await knex.raw<{ rows: VacuumTarget[] }>(
    `SELECT c.relname AS "table", pg_has_role(c.relowner, 'USAGE') AS is_owner, pg_total_relation_size(c.oid) AS total_bytes
       FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r' ORDER BY 1`,
  );
  return rows;
}

/** Frees the room of dead rows and refreshes the planner's numbers. `full` writes the table anew and locks everybody out meanwhile. */
export async function vacuumTable(knex: Knex, table: string, { full }: { full: boolean }): Promise<void> {
  await knex.raw(`VACUUM (${full ? 'FULL, ' : ''}ANALYZE) ??`, [table]);
}

/** Size of a table with its indexes; 0 when it is gone. */
export async function tableBytes(knex: Knex, table: string): Promise<number> {
  const { rows } = await knex.raw<{ rows: [{ bytes: number | null }] }>(
    'SELECT pg_total_relation_size(to_regclass(quote_ident(?))) AS bytes',
    [table],
  );
  return rows[0].bytes ?? 0;
}
