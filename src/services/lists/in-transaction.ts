import type { Knex } from 'knex';

/** Runs `work` in one transaction; with `dryRun` all of it is taken back afterwards, and the result says what would have been. */
export async function inTransaction<Result>(
  knex: Knex,
  { dryRun }: { dryRun: boolean },
  work: (trx: Knex.Transaction) => Promise<Result>,
): Promise<Result> {
  const trx = await knex.transaction();
  try {
    const result = await work(trx);
    await (dryRun ? trx.rollback() : trx.commit());
    return result;
  } catch (error) {
    await trx.rollback();
    throw error;
  }
}
