import type { Knex } from 'knex';

export type ServerFacts = { version: string; encoding: string; sizeBytes: number; migrations: number };

export async function readServerFacts(knex: Knex): Promise<ServerFacts> {
  const { rows } = await knex.raw<{ rows: ServerFacts[] }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
            pg_database_size(current_database()) AS "sizeBytes", (SELECT count(*) FROM knex_migrations) AS migrations`,
  );
  const [facts] = rows;
  if (facts === undefined) throw new Error('the server said nothing about itself');
  return facts;
}

/** Really writes a row, and takes it back. Rejects with the server's reason where writing is not possible. */
export async function tryWriting(knex: Knex): Promise<void> {
  const trx = await knex.transaction();
  try {
    await trx('logs').insert({ level: 'info', component: 'doctor', message: 'write test' });
  } finally {
    await trx.rollback();
  }
}
