import type { Knex } from 'knex';

export type ServerFacts = { version: string; sizeBytes: number; connections: number };

/** Version of the server, size of this database and how many connections it has, our own included. */
export async function readServerFacts(knex: Knex): Promise<ServerFacts> {
  const { rows } = await knex.raw<{ rows: ServerFacts[] }>(
    `SELECT current_setting('server_version') AS version, pg_database_size(current_database()) AS "sizeBytes",
            (SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()) AS connections`,
  );
  const [facts] = rows;
  if (facts === undefined) throw new Error('the server said nothing about itself');
  return facts;
}
