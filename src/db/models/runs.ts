import type { Knex } from 'knex';

import type { ExitCode } from '../../errors/exit-codes.ts';
import { runLockKey } from '../lock-keys.ts';
import { findHeldKeys } from '../locks.ts';

/** One row of `runs`, as stored. */
export type RunRow = {
  id: string;
  command: string;
  /** Secrets replaced by `***`. */
  args_json: Record<string, unknown>;
  hs_version: string;
  config_fingerprint: string;
  model_fingerprint: string | null;
  started_at: Date;
  heartbeat_at: Date;
  ended_at: Date | null;
  /** 255: found dead. */
  exit_code: number | null;
  job_id: string | null;
  /** Optional stages that were on, each with the model it used. */
  enrichments: Record<string, string | null> | null;
};

export type NewRun = Pick<RunRow, 'id' | 'command' | 'args_json' | 'hs_version' | 'config_fingerprint'> &
  Partial<Pick<RunRow, 'model_fingerprint' | 'job_id'>>;

/** The run must hold its lock already (`lockRun`), or others take it for dead. */
export async function insertRun(knex: Knex, run: NewRun): Promise<void> {
  await knex('runs').insert({ ...run, args_json: JSON.stringify(run.args_json) });
}

/** Says which optional stages a run has. */
export async function noteEnrichments(knex: Knex, runId: string, enrichments: NonNullable<RunRow['enrichments']>): Promise<void> {
  await knex('runs')
    .where({ id: runId })
    .update({ enrichments: JSON.stringify(enrichments) });
}

/** False when the run is not open any more: somebody took it for dead, so it must stop. */
export async function heartbeat(knex: Knex, runId: string): Promise<boolean> {
  const changed = await knex('runs').where({ id: runId }).whereNull('ended_at').update({ heartbeat_at: knex.fn.now() });
  return changed > 0;
}

/** Ends an open run; one that has ended keeps its first exit code. */
export async function endRun(knex: Knex, runId: string, exitCode: ExitCode): Promise<void> {
  await knex('runs')
    .where({ id: runId })
    .whereNull('ended_at')
    .update({
      ended_at: knex.raw('greatest(now(), started_at)'),
      heartbeat_at: knex.raw('greatest(now(), started_at)'),
      exit_code: exitCode,
    });
}

export async function findRun(knex: Knex, id: string): Promise<RunRow | undefined> {
  return knex<RunRow>('runs').where({ id }).first();
}

export const RUN_SORT_FIELDS = ['started_at', 'ended_at', 'command', 'exit_code'] as const;
export type RunSort = { field: (typeof RUN_SORT_FIELDS)[number]; descending: boolean };

export type ListRunsOptions = { commands?: readonly string[]; open?: boolean; since?: Date; until?: Date; sort?: RunSort; limit?: number };

/** Newest first unless sorted otherwise. `since` and `until` are about the start, `until` excluded. */
export async function listRuns(knex: Knex, options: ListRunsOptions = {}): Promise<RunRow[]> {
  const query = knex<RunRow>('runs').select('*');
  if (options.commands !== undefined) void query.whereIn('command', [...options.commands]);
  if (options.open === true) void query.whereNull('ended_at');
  if (options.since !== undefined) void query.where('started_at', '>=', options.since);
  if (options.until !== undefined) void query.where('started_at', '<', options.until);
  if (options.limit !== undefined) void query.limit(options.limit);
  return query.orderBy(orderOf(options.sort ?? { field: 'started_at', descending: true }));
}

function orderOf({ field, descending }: RunSort) {
  const order = descending ? ('desc' as const) : ('asc' as const);
  const isNeverMissing = field === 'started_at' || field === 'command';
  return [
    { column: field, order, ...(isNeverMissing ? {} : { nulls: 'last' as const }) },
    { column: 'id', order },
  ];
}

/** Runs without an end whose process is gone: nobody holds their lock. */
export async function findDeadRuns(knex: Knex): Promise<RunRow[]> {
  const open = await listRuns(knex, { open: true });
  if (open.length === 0) return [];
  const held = await findHeldKeys(knex);
  return open.filter((run) => !held.has(runLockKey(run.id)));
}
