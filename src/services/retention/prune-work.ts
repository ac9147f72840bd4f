import type { Knex } from 'knex';

/** What the stages of a prune share. */
export type PruneWork = {
  knex: Knex;
  /** Between two batches the work can stop: what went is gone as a whole, and the next prune goes on. */
  signal: AbortSignal;
  /** Rows of a table that are gone, after the transaction that removed them. */
  onRemoved: (table: string, count: number) => void;
};

/** So many rows go in one transaction, with what hangs on them. */
export const BATCH_ROWS = 1000;
