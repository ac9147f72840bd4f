import type { Knex } from 'knex';

/** The database's time, to the ms that columns keep: times about hs itself come from there, so clock skew breaks no order. */
export async function readDatabaseClock(knex: Knex): Promise<Date> {
  const { rows } = await knex.raw<{ rows: { now: Date }[] }>('SELECT now()::timestamptz(3) AS now');
  return rows[0]?.now ?? new Date();
}
