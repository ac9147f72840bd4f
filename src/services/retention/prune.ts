import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { deleteEntitiesUnseenSince } from '../../db/models/identity-links.ts';
import { markPruned } from '../../db/models/prune-footage.ts';
import type { CameraLimit } from '../../db/queries/retention/limits.ts';
import type { Limits } from './find-limits.ts';
import { planPrune, type PlannedTable, type PlanOptions } from './plan-prune.ts';
import { pruneAuditLogs } from './prune-audit-logs.ts';
import { pruneDetections } from './prune-detections.ts';
import { pruneEvents } from './prune-events.ts';
import { pruneLooks } from './prune-looks.ts';
import { pruneMonths } from './prune-months.ts';
import { pruneOriginals, type OriginalsWork, type RemovedOriginals } from './prune-originals.ts';
import { pruneHours, pruneTimed, TIMED_TABLES } from './prune-rows.ts';
import { refuseMost } from './refuse-most.ts';

export type PruneOptions = PlanOptions & {
  /** Also when more than half of a table would go. */
  force: boolean;
  actor: string;
  signal: AbortSignal;
  /** Of all rows that go; each table in turn. */
  onProgress: (progress: { removed: number; goes: number; table: string }) => void;
  onProblem: OriginalsWork['onProblem'];
};

/** `removed`: null where nothing was to be done. */
export type PrunedTable = PlannedTable & { removed: number | null };

export type PruneOutcome = { tables: PrunedTable[]; months: string[]; failedOriginals: number; stopped: boolean };

/** What would go; nothing is changed. */
export async function previewPrune(knex: Knex, options: PlanOptions): Promise<PruneOutcome> {
  const { tables, months } = await planPrune(knex, options);
  const whole = months.filter(({ isWhole }) => isWhole).map(({ month }) => month);
  return { tables: tables.map((table) => ({ ...table, removed: null })), months: whole, failedOriginals: 0, stopped: false };
}

/**
 * Removes what is over age (§10.13). Nobody else may write meanwhile. Stopped or killed in the middle it leaves nothing half done, and
 * the next one goes on. Throws UsageError, before anything goes, when more than half of a table would go without `force`.
 */
export async function prune(knex: Knex, options: PruneOptions): Promise<PruneOutcome> {
  const { limits, tables } = await planPrune(knex, options);
  if (!options.force) refuseMost(tables);
  const run = { knex, limits, options, tally: createTally(tables, options.onProgress), months: [], originals: { bytes: 0, failed: 0 } };
  let isDone = false;
  try {
    await removeAll(run);
    isDone = !options.signal.aborted;
  } finally {
    await record(run, tables, isDone);
  }
  const pruned = tables.map((table) => ({ ...table, removed: run.tally.of(table.table) }));
  return { tables: pruned, months: run.months, failedOriginals: run.originals.failed, stopped: options.signal.aborted };
}

type PruneRun = {
  knex: Knex;
  limits: Limits;
  options: PruneOptions;
  tally: Tally;
  months: string[];
  originals: RemovedOriginals;
};

/** What others point at goes after them; each stage leaves what is there true to itself. */
async function removeAll(run: PruneRun): Promise<void> {
  const { knex, limits, options, tally } = run;
  const { signal, actor, onProblem } = options;
  const work = { knex, signal, onRemoved: tally.add };
  await removeFootage(run, limits.footage);
  await pruneHours(work, limits.activityHours);
  for (const [kind, before] of limits.timed) {
    if (kind === 'audit_logs') await pruneAuditLogs(work, { before, actor });
    else for (const table of TIMED_TABLES[kind]) await pruneTimed(work, table, before);
  }
  if (options.originals === undefined || signal.aborted) return;
  run.originals = await pruneOriginals({ ...work, actor, onProblem }, { choice: options.originals, limits: limits.originals });
}

async function removeFootage(run: PruneRun, limits: readonly CameraLimit[]): Promise<void> {
  const { knex, options, tally } = run;
  const work = { knex, signal: options.signal, onRemoved: tally.add };
  const isStopped = (): boolean => options.signal.aborted;
  for (const limit of limits) await markPruned(knex, limit);
  await pruneEvents(work, limits);
  if (isStopped()) return;
  run.months = await pruneMonths(work, limits);
  await pruneDetections(work, limits);
  await pruneLooks(work, limits);
  const latest = limits.reduce<Date | undefined>((found, { before }) => (found && found > before ? found : before), undefined);
  if (latest !== undefined && !isStopped()) tally.add('entities', await knex.transaction((trx) => deleteEntitiesUnseenSince(trx, latest)));
}

type Tally = { add: (table: string, count: number) => void; of: (table: string) => number; all: () => Record<string, number> };

function createTally(tables: readonly PlannedTable[], onProgress: PruneOptions['onProgress']): Tally {
  const counts = new Map<string, number>();
  const goes = tables.reduce((sum, table) => sum + table.goes, 0);
  let removed = 0;
  return {
    add: (table, count) => {
      if (count === 0) return;
      counts.set(table, (counts.get(table) ?? 0) + count);
      removed += count;
      onProgress({ removed, goes, table });
    },
    of: (table) => counts.get(table) ?? 0,
    all: () => Object.fromEntries(counts),
  };
}

/** One row for all of it; removed originals have their own. */
async function record(
  { knex, options, tally, months, originals }: PruneRun,
  tables: readonly PlannedTable[],
  isDone: boolean,
): Promise<void> {
  const removed = tally.all();
  if (Object.keys(removed).length === 0) return;
  const keep = Object.fromEntries(tables.map(({ table, keep: time }) => [table, time]));
  const details = { removed, keep, months, original_bytes: originals.bytes, finished: isDone };
  await insertAuditLog(knex, { action: 'data_cleared', resource_type: 'retention', actor: options.actor, details });
}
