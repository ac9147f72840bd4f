import type { Knex } from 'knex';

/** Notes how many items a running export counted. */
export async function saveExportTotal(knex: Knex, id: string, totalItems: number): Promise<void> {
  await knex('export_jobs').where({ id, status: 'running' }).update({ total_items: totalItems });
}
