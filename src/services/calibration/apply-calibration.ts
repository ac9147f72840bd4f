import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { lockCalibrations, saveUserCalibration } from '../../db/models/user-calibration.ts';
import { findCalibratedCameras } from '../../db/queries/feedback.ts';
import { countLevelChanges, rewriteLevels, type LevelChange } from '../../db/queries/level-changes.ts';
import type { Severity } from '../../domain/enums.ts';
import type { RiskThresholds } from '../../domain/risk-level.ts';
import { sleep } from '../../lib/sleep.ts';
import { changedColumns } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { learnThresholds } from './learn-thresholds.ts';
import { loadThresholds } from './load-thresholds.ts';
import { refreshCalibrations } from './refresh-calibrations.ts';

export type ApplyOptions = {
  userId: string;
  /** Kept from now on; as it was when left out. */
  decay?: number | undefined;
  actor: string;
  dryRun: boolean;
  signal?: AbortSignal | undefined;
  /** Events written in one transaction. */
  batchSize?: number;
};

export type AppliedCalibration = { before: RiskThresholds; after: RiskThresholds; changes: LevelChange[] };

const BATCH_SIZE = 1_000;
const BUSY_MS = 200;

/**
 * Puts the learned thresholds in force and writes the levels of stored events by them, never their scores. Levels are written slice by
 * slice: stopped in the middle, the next apply goes on. A dry run counts and writes nothing.
 */
export async function applyCalibration(knex: Knex, options: ApplyOptions): Promise<AppliedCalibration> {
  const { before, after, preview } = await inTransaction(knex, options, (trx) => putInForce(trx, options));
  if (options.dryRun) return { before, after, changes: preview };
  return { before, after, changes: await rewriteAll(knex, after, options) };
}

type Start = { before: RiskThresholds; after: RiskThresholds; preview: LevelChange[] };

async function putInForce(trx: Knex.Transaction, { userId, decay, actor }: ApplyOptions): Promise<Start> {
  await lockCalibrations(trx);
  const before = await loadThresholds(trx, userId);
  const { thresholds: after, counts, decay: decay_factor } = await learnThresholds(trx, { userId, decay });
  const columns = { low_threshold: after.low, medium_threshold: after.medium, high_threshold: after.high };
  await saveUserCalibration(trx, { user_id: userId, ...columns, decay_factor, ...counts });
  await refreshCalibrations(trx, { userIds: [], cameraIds: await findCalibratedCameras(trx) });
  const preview = await countLevelChanges(trx, after);
  const changes = changedColumns(before, after);
  if (changes.length > 0 || decay !== undefined) {
    const details = { changes, decay: decay_factor, events: preview };
    await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'calibration', resource_id: userId, actor, details });
  }
  return { before, after, preview };
}

/** Until no level is left to write: one pass leaves out events that are locked. */
async function rewriteAll(knex: Knex, thresholds: RiskThresholds, options: ApplyOptions): Promise<LevelChange[]> {
  const counts = new Map<string, LevelChange>();
  for (;;) {
    for await (const { from, to } of rewritePass(knex, thresholds, options)) {
      const key = `${from} ${to}`;
      counts.set(key, { from, to, events: (counts.get(key)?.events ?? 0) + 1 });
    }
    if ((await countLevelChanges(knex, thresholds)).length === 0) return [...counts.values()];
    await sleep(BUSY_MS, options.signal);
  }
}

async function* rewritePass(knex: Knex, thresholds: RiskThresholds, options: ApplyOptions): AsyncGenerator<Rewritten> {
  let afterId = 0;
  for (;;) {
    options.signal?.throwIfAborted();
    const slice = { thresholds, afterId, limit: options.batchSize ?? BATCH_SIZE };
    const changed = await knex.transaction((trx) => rewriteSlice(trx, slice, options));
    yield* changed;
    const last = changed.at(-1);
    if (last === undefined) return;
    afterId = last.id;
  }
}

type Rewritten = { id: number; from: Severity; to: Severity };

type Slice = { thresholds: RiskThresholds; afterId: number; limit: number };

async function rewriteSlice(trx: Knex.Transaction, slice: Slice, { userId, actor }: ApplyOptions): Promise<Rewritten[]> {
  const changed = await rewriteLevels(trx, slice);
  const [first, last] = [changed[0]?.id, changed.at(-1)?.id];
  const details = { levels_rewritten: changed.length, events: [first, last], thresholds: slice.thresholds };
  if (first !== undefined) {
    await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'calibration', resource_id: userId, actor, details });
  }
  return changed;
}
