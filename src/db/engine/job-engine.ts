import type { Knex } from 'knex';
import { fromKnex, PgBoss } from 'pg-boss';

import { JOB_QUEUES, type JobQueue } from '../../domain/job-queues.ts';

/** A job as the engine handed it out; the count tells this attempt from a later one of the same job. */
export type EngineClaim = { id: string; retryCount: number };
export type EngineJob = { id: string; queue: JobQueue; priority: number; startAfter?: Date | undefined };

/**
 * Who runs what next, and which claim is dead: pg-boss, in a schema of its own that may be dropped at any time and is filled
 * again from `jobs`. Whatever changes a job takes the transaction in which its row changes.
 */
export type JobEngine = {
  insert(trx: Knex.Transaction, jobs: readonly EngineJob[]): Promise<void>;
  fetch(trx: Knex.Transaction, queue: JobQueue): Promise<EngineClaim | undefined>;
  /** False when the claim is not the current one any more. */
  complete(trx: Knex.Transaction, queue: JobQueue, claim: EngineClaim): Promise<boolean>;
  remove(trx: Knex.Transaction, queue: JobQueue, id: string): Promise<void>;
  /** Takes a claim away, whose ever it is: the job is handed out again at its old place in the queue, not behind all others. */
  release(trx: Knex.Transaction, queue: JobQueue, id: string): Promise<void>;
  /** Says that these claims are being worked on; false when one of them is not the current one any more. */
  touch(queue: JobQueue, claims: readonly EngineClaim[]): Promise<boolean>;
  /** Queues that have something to hand out now. */
  findReady(queues: readonly JobQueue[]): Promise<JobQueue[]>;
  /** In how many ms the next job of these queues may be handed out, at the earliest; undefined: none waits. */
  findNextStart(queues: readonly JobQueue[]): Promise<number | undefined>;
  /** Of our unfinished jobs those that the engine does not know, in the order in which they came. */
  findUnknown(knex: Knex, only: { limit: number } | { id: string }): Promise<string[]>;
  /** Gives claims without a sign of life to the next who asks. */
  supervise(): Promise<void>;
  close(): Promise<void>;
};

/** On which workers that have nothing to do hear of a queue with something new, when it is committed. */
export const JOBS_CHANNEL = 'hs_jobs';

export const ENGINE_SCHEMA = 'pgboss';

/** The engine's shortest. A claim that was not touched for so long is handed out again. */
export const LEASE_SECONDS = 10;
const SUPERVISE_SECONDS = 5;
/** The engine's longest. What may take long says how it gets on, and is not cut off by the clock. */
const LONGEST_SECONDS = 24 * 3600 - 1;

/** The ledger decides how often a job is tried, and when: the engine itself only ever hands out again what lost its worker. */
const QUEUE_OPTIONS = {
  retryLimit: 1_000_000,
  retryDelay: 0,
  heartbeatSeconds: LEASE_SECONDS,
  expireInSeconds: LONGEST_SECONDS,
  deleteAfterSeconds: 3600,
  warningQueueSize: 1_000_000,
};

/** Installs the engine's schema where it is missing. */
export async function openJobEngine(knex: Knex, onTrouble: (message: string) => void): Promise<JobEngine> {
  const boss = new PgBoss({
    db: poolOf(knex),
    schema: ENGINE_SCHEMA,
    supervise: false,
    schedule: false,
    registerInstance: false,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    reindex: false,
    monitorVacuum: false,
  });
  boss.on('error', (error) => {
    onTrouble(error.message);
  });
  await boss.start();
  for (const queue of JOB_QUEUES) await boss.createQueue(queue, QUEUE_OPTIONS);
  return {
    ...handingOut(boss),
    findReady: (queues) => findReady(knex, queues),
    findNextStart: (queues) => findNextStart(knex, queues),
    findUnknown,
    supervise: () => boss.supervise(),
    close: () => boss.stop({ graceful: false, close: false }),
  };
}

function handingOut(boss: PgBoss): Pick<JobEngine, 'insert' | 'fetch' | 'complete' | 'remove' | 'release' | 'touch'> {
  return {
    insert: async (trx, jobs) => {
      for (const queue of new Set(jobs.map((job) => job.queue))) {
        const rows = jobs.filter((job) => job.queue === queue).map(toEngineRow);
        await boss.insert(queue, rows, { db: fromKnex(trx) });
        if (rows.length > 1) await numberByTime(trx, queue, rows);
        await tell(trx, queue);
      }
    },
    fetch: async (trx, queue) => {
      const [job] = await boss.fetch(queue, { batchSize: 1, includeMetadata: true, db: fromKnex(trx) });
      return job === undefined ? undefined : { id: job.id, retryCount: job.retryCount };
    },
    complete: async (trx, queue, claim) => affected(await boss.complete(queue, claim, null, { db: fromKnex(trx) })) === 1,
    remove: async (trx, queue, id) => {
      await boss.deleteJob(queue, id, { db: fromKnex(trx) });
    },
    release: async (trx, queue, id) => {
      await boss.fail(queue, id, null, { db: fromKnex(trx) });
      await tell(trx, queue);
    },
    touch: async (queue, claims) => affected(await boss.touch(queue, [...claims])) === claims.length,
  };
}

/**
 * The engine hands out by the time of insertion, the same for all that are inserted together, and then by when they may start: of those a
 * job that lost its worker would come last, behind a whole night of footage. A microsecond each keeps them in their order.
 */
async function numberByTime(trx: Knex.Transaction, queue: JobQueue, rows: readonly { id: string }[]): Promise<void> {
  await trx.raw(
    `UPDATE ${ENGINE_SCHEMA}.job e SET created_on = e.created_on + o.place * interval '1 microsecond'
       FROM unnest(?::uuid[]) WITH ORDINALITY AS o(id, place) WHERE e.name = ? AND e.id = o.id`,
    [rows.map(({ id }) => id), queue],
  );
}

/** Also of what is not to be handed out yet: whoever waits has to know until when. */
async function tell(knex: Knex, text: string): Promise<void> {
  await knex.raw('SELECT pg_notify(?, ?)', [JOBS_CHANNEL, text]);
}

/** The declared type of the answer is empty; the documented field is there. */
function affected(response: object): number {
  return (response as { affected?: number }).affected ?? 0;
}

/** Ours: 0 is the most urgent; the engine's: the highest number. */
function toEngineRow({ id, priority, startAfter }: EngineJob) {
  return { id, priority: 4 - priority, ...(startAfter === undefined ? {} : { startAfter }) };
}

/** Statements of the engine that belong to no transaction of ours. */
function poolOf(knex: Knex) {
  const client = knex.client as {
    acquireConnection(): Promise<{ query(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> }>;
    releaseConnection(connection: unknown): Promise<void>;
  };
  return {
    executeSql: async (text: string, values?: unknown[]) => {
      const connection = await client.acquireConnection();
      try {
        return await connection.query(text, values);
      } catch (error) {
        // Some of its texts begin a transaction of their own: one that failed must not be left to the next who gets this connection.
        await connection.query('ROLLBACK').catch(() => undefined);
        throw error;
      } finally {
        await client.releaseConnection(connection);
      }
    },
  };
}

async function findReady(knex: Knex, queues: readonly JobQueue[]): Promise<JobQueue[]> {
  const { rows } = await knex.raw<{ rows: { name: JobQueue }[] }>(
    `SELECT q.name FROM unnest(?::text[]) AS q(name)
      WHERE EXISTS (SELECT FROM ${ENGINE_SCHEMA}.job e WHERE e.name = q.name AND e.state < 'active' AND e.start_after <= now())`,
    [[...queues]],
  );
  return rows.map(({ name }) => name);
}

async function findNextStart(knex: Knex, queues: readonly JobQueue[]): Promise<number | undefined> {
  const { rows } = await knex.raw<{ rows: { ms: number | null }[] }>(
    `SELECT ceil(extract(epoch FROM min(start_after) - now()) * 1000)::float8 AS ms FROM ${ENGINE_SCHEMA}.job
      WHERE name = ANY (?::text[]) AND state < 'active'`,
    [[...queues]],
  );
  return rows[0]?.ms ?? undefined;
}

async function findUnknown(knex: Knex, only: { limit: number } | { id: string }): Promise<string[]> {
  const [id, limit] = 'id' in only ? [only.id, 1] : [null, only.limit];
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `SELECT j.id FROM jobs j
      WHERE j.queue_name IS NOT NULL AND (?::uuid IS NULL OR j.id = ?)
        AND (j.status IN ('queued', 'running') OR (j.status = 'failed' AND j.next_retry_at IS NOT NULL))
        AND NOT EXISTS (SELECT FROM ${ENGINE_SCHEMA}.job e WHERE e.id = j.id AND e.name = j.queue_name AND e.state <= 'active')
      ORDER BY j.created_at, j.id LIMIT ?`,
    [id, id, limit],
  );
  return rows.map((row) => row.id);
}
