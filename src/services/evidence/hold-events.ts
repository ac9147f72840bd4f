import type { Knex } from 'knex';

import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { insertHold, lockOpenHold, releaseHold, type EvidenceHoldRow } from '../../db/models/evidence-holds.ts';
import { lockEventReview } from '../../db/models/events.ts';
import { findMissingEventIds } from '../../db/queries/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { noSuchEvent } from '../events/review-event.ts';
import { inTransaction } from '../lists/in-transaction.ts';

/** In their order; new ones are only ever added at the end. */
export const HOLD_COLUMNS = [
  'id',
  'event_id',
  'reason',
  'actor',
  'created_at',
  'held_until',
  'released_at',
  'released_by',
] as const satisfies (keyof EvidenceHoldRow)[];

export type HoldOptions = {
  ids: readonly number[];
  reason: string;
  /** Wall clock; undefined: until somebody releases it. */
  until: Date | undefined;
  actor: string;
  dryRun: boolean;
};

const MOST_REASON_BYTES = 2000;

/** Keeps events from being pruned. All of them or, when one is unknown or held already, none. */
export async function holdEvents(knex: Knex, options: HoldOptions): Promise<EvidenceHoldRow[]> {
  const reason = options.reason.trim();
  assertReason(reason);
  if (options.until !== undefined && options.until <= new Date()) {
    throw new UsageError('--until is over already', { hint: 'give a time to come, or leave it out: the hold lasts until it is released' });
  }
  return eachEvent(knex, options, async (trx, eventId) => {
    const old = await lockOpenHold(trx, eventId);
    if (old !== undefined && isActive(old)) throw alreadyHeld(old);
    if (old !== undefined) await releaseHold(trx, old.id, options.actor.slice(0, 100));
    const held = { event_id: eventId, reason, actor: options.actor.slice(0, 100), held_until: options.until ?? null };
    return insertHold(trx, held);
  });
}

/** Lets events go with their age again. All of them or, when one is unknown or not held, none. */
export async function releaseEvents(
  knex: Knex,
  options: { ids: readonly number[]; actor: string; dryRun: boolean },
): Promise<EvidenceHoldRow[]> {
  return eachEvent(knex, options, async (trx, eventId) => {
    const hold = await lockOpenHold(trx, eventId);
    if (hold === undefined) throw notHeld(eventId);
    return releaseHold(trx, hold.id, options.actor.slice(0, 100));
  });
}

type EachOptions = { ids: readonly number[]; actor: string; dryRun: boolean };
type Change = (trx: Knex.Transaction, eventId: number) => Promise<EvidenceHoldRow>;

async function eachEvent(knex: Knex, { ids, actor, dryRun }: EachOptions, change: Change): Promise<EvidenceHoldRow[]> {
  const missing = await findMissingEventIds(knex, ids);
  if (missing.length > 0) throw noSuchEvent(missing);
  return inTransaction(knex, { dryRun }, async (trx) => {
    const rows: EvidenceHoldRow[] = [];
    for (const id of [...new Set(ids)].sort((a, b) => a - b)) {
      if ((await lockEventReview(trx, id)) === undefined) throw noSuchEvent([id]);
      const row = await change(trx, id);
      const details = { hold: row.released_at === null ? 'held' : 'released', reason: row.reason, held_until: row.held_until };
      await insertAuditLog(trx, { action: 'settings_changed', resource_type: 'evidence_hold', resource_id: String(id), actor, details });
      rows.push(row);
    }
    return rows;
  });
}

function isActive({ held_until: until }: EvidenceHoldRow): boolean {
  return until === null || until > new Date();
}

function assertReason(reason: string): void {
  if (reason === '') throw new UsageError('--reason is empty', { hint: 'say why the event is kept, such as a case number' });
  if (reason.includes('\0')) throw new UsageError('--reason holds a NUL character');
  if (Buffer.byteLength(reason) > MOST_REASON_BYTES) throw new UsageError(`--reason is longer than ${String(MOST_REASON_BYTES)} bytes`);
}

function alreadyHeld({ event_id: id, actor }: EvidenceHoldRow): UsageError {
  return new UsageError(`event ${String(id)} is held already, by ${actor}`, {
    code: 'event_held',
    hint: 'nothing was changed; release it first to hold it for another reason or time',
  });
}

function notHeld(eventId: number): UsageError {
  return new UsageError(`event ${String(eventId)} is not held`, {
    code: 'event_not_held',
    hint: 'nothing was changed; `hs evidence list` shows what is',
  });
}
