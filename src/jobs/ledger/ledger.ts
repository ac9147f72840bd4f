import type { Knex } from 'knex';

import { openJobEngine, type EngineClaim, type JobEngine } from '../../db/engine/job-engine.ts';
import { isEngineGone } from '../../db/engine/is-engine-gone.ts';
import type { JobRow } from '../../db/models/jobs.ts';
import type { JobQueue } from '../../domain/job-queues.ts';
import { reconcile } from './reconcile.ts';

/** A job that this process works on. The attempt number fences: what a later attempt has taken over is not ours to write. */
export type Claim = { job: JobRow; queue: JobQueue; attemptNumber: number; engine: EngineClaim };

/** Another attempt, or a user, has taken the job away from this one: nothing of it was written. */
export class FencedError extends Error {
  constructor(jobId: string) {
    super(`job ${jobId} is not at this attempt any more`);
    this.name = 'FencedError';
  }
}

/**
 * The rows of `jobs` are the record; the engine only hands them out. Six functions move a job, each changing both in one
 * transaction: enqueue, claim, heartbeat, finish, fail, and reconcile or cancel.
 */
export type Ledger = {
  knex: Knex;
  engine: () => JobEngine;
  /** Sets the engine up again where somebody dropped its schema, and gives it what is unfinished; true when that was so. */
  renew: (error: unknown) => Promise<boolean>;
  close: () => Promise<void>;
};

export async function openLedger(knex: Knex, onTrouble: (message: string) => void = () => undefined): Promise<Ledger> {
  let engine = await openJobEngine(knex, onTrouble);
  let renewing: Promise<void> | undefined;
  const reopen = async (): Promise<void> => {
    await engine.close().catch(() => undefined);
    engine = await openJobEngine(knex, onTrouble);
    await reconcile({ knex, engine: () => engine });
  };
  return {
    knex,
    engine: () => engine,
    renew: async (error) => {
      if (!isEngineGone(error)) return false;
      renewing ??= reopen().finally(() => (renewing = undefined));
      await renewing;
      return true;
    },
    close: () => engine.close(),
  };
}

/** Does something in one transaction; once more with a queue that was set up anew, where somebody dropped it. */
export async function withEngine<Result>(
  ledger: Ledger,
  work: (trx: Knex.Transaction, engine: JobEngine) => Promise<Result>,
): Promise<Result> {
  const once = (): Promise<Result> => ledger.knex.transaction((trx) => work(trx, ledger.engine()));
  try {
    return await once();
  } catch (error) {
    if (!(await ledger.renew(error))) throw error;
    return once();
  }
}
