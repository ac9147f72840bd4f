import type { Knex } from 'knex';

/** Runs `read` in one REPEATABLE READ, READ ONLY transaction: everything it reads is the state of one moment. */
export async function readSnapshot<Result>(knex: Knex, read: (snapshot: Knex.Transaction) => Promise<Result>): Promise<Result> {
  return knex.transaction(read, { isolationLevel: 'repeatable read', readOnly: true });
}
