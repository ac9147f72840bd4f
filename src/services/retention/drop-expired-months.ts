import type { Knex } from 'knex';

import type { Database } from '../../db/database.ts';
import { dropMonth, type DroppedMonth } from '../../db/drop-month.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { countDetections } from '../../db/queries/expired-months.ts';
import { withoutWriters } from '../../db/without-writers.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { findExpiredMonths, type ExpiredMonth } from './find-expired-months.ts';
import { parseAge } from './parse-age.ts';

export type PruneOptions = {
  /** `30d`, `8w` or a day. */
  olderThan: string;
  /** false: only say what would go. */
  apply: boolean;
  /** Also when more than half of all detections would go. */
  force: boolean;
  actor: string;
  /** Between two months the work can stop. */
  signal: AbortSignal;
};

export type PrunedMonth = ExpiredMonth & {
  outcome: 'would go' | 'dropped' | 'kept' | 'left';
  /** Rows that went with the detections; null when nothing went. */
  child_rows: number | null;
  tracks: number | null;
  events_rewritten: number | null;
};

/** In their order; new ones are only ever added at the end. */
export const PRUNE_COLUMNS = [
  'month',
  'outcome',
  'detections',
  'total_bytes',
  'child_rows',
  'tracks',
  'kept_events',
  'cameras',
  'events_rewritten',
  'partition',
] as const satisfies (keyof PrunedMonth)[];

const MOST_SHARE = 0.5;

/**
 * Drops the months of detections that are over age, each in a transaction of its own, and says what became of every one. Events and
 * the ledger of files stay. Throws UsageError when more than half of all detections would go without `force`.
 */
export async function dropExpiredMonths(database: Database, options: PruneOptions): Promise<PrunedMonth[]> {
  const limit = parseAge(options.olderThan);
  if (!options.apply) return (await findExpiredMonths(database.knex, limit)).map(toPreview);
  return withoutWriters(database, async () => {
    const months = await findExpiredMonths(database.knex, limit);
    if (!options.force) await refuseMost(database.knex, months.filter(mayGo));
    const done: PrunedMonth[] = [];
    for (const month of months) done.push(await pruneMonth(database.knex, month, options));
    return done;
  });
}

/** The month stays for the events that a user said something about. */
function mayGo(month: ExpiredMonth): boolean {
  return month.kept_events === 0;
}

const NOTHING_GONE = { child_rows: null, tracks: null, events_rewritten: null };

function toPreview(month: ExpiredMonth): PrunedMonth {
  return { ...month, outcome: mayGo(month) ? 'would go' : 'kept', ...NOTHING_GONE };
}

async function pruneMonth(knex: Knex, month: ExpiredMonth, { actor, olderThan, signal }: PruneOptions): Promise<PrunedMonth> {
  if (!mayGo(month)) return { ...month, outcome: 'kept', ...NOTHING_GONE };
  if (signal.aborted) return { ...month, outcome: 'left', ...NOTHING_GONE };
  const dropped = await dropMonth(knex, month.partition, (trx, gone) => record(trx, gone, { actor, olderThan }));
  const { detections, children, tracks, events_rewritten } = dropped;
  const childRows = Object.values(children).reduce((sum, count) => sum + count, 0);
  return { ...month, outcome: 'dropped', detections, child_rows: childRows, tracks, events_rewritten };
}

type RecordOptions = { actor: string; olderThan: string };

async function record(trx: Knex.Transaction, gone: DroppedMonth, { actor, olderThan }: RecordOptions): Promise<void> {
  const { name, ...counts } = gone;
  await insertAuditLog(trx, {
    action: 'cleanup_executed',
    resource_type: 'detections',
    resource_id: name,
    actor,
    details: { older_than: olderThan, ...counts },
  });
}

async function refuseMost(knex: Knex, months: readonly ExpiredMonth[]): Promise<void> {
  const going = months.reduce((sum, month) => sum + month.detections, 0);
  const all = await countDetections(knex);
  if (going <= all * MOST_SHARE) return;
  throw new UsageError(`${String(going)} of ${String(all)} detections would go, more than half`, {
    code: 'prune_too_much',
    hint: 'look at it without --apply; give --force to do it all the same',
  });
}
