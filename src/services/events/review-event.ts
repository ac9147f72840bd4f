import type { Knex } from 'knex';
import { insertAuditLog, type NewAuditLog } from '../../db/models/audit-logs.ts';
import { lockEventReview, updateEventReview, type EventReview, type ReviewedEvent } from '../../db/models/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';

/** A column of an event that changed, and the version that the event has now. */
export type EventChange = { id: number; version: number } & ColumnChange;

export type ReviewOptions = {
  /** The version that was read; with another one somebody was faster, and nothing is changed. */
  expect?: number | undefined;
  actor: string;
  dryRun: boolean;
};

type ReviewEventOptions = ReviewOptions & { id: number; patchOf: (event: ReviewedEvent) => Partial<EventReview> };

const CONFLICT = 'version_conflict';

/** Changes what people decide about one event, with the audit row of it; nothing is written when nothing changes. */
export async function reviewEvent(knex: Knex, options: ReviewEventOptions): Promise<EventChange[]> {
  try {
    return await inTransaction(knex, options, (trx) => changeReview(trx, options));
  } catch (error) {
    if (isConflict(error) && !options.dryRun) await recordConflict(knex, options);
    throw error;
  }
}

async function changeReview(trx: Knex.Transaction, options: ReviewEventOptions): Promise<EventChange[]> {
  const { id, expect, actor } = options;
  const event = await lockEventReview(trx, id);
  if (event === undefined) throw noSuchEvent([id]);
  if (expect !== undefined && expect !== event.version) throw versionConflict(event, expect);
  const patch = options.patchOf(event);
  const changes = changedColumns(event, patch);
  if (changes.length === 0) return [];
  const version = await updateEventReview(trx, { id, version: event.version, patch });
  if (version === undefined) throw versionConflict(event, event.version);
  await insertAuditLog(trx, { ...auditRow(id, actor), details: { changes, version } });
  return changes.map((change) => ({ id, version, ...change }));
}

function auditRow(id: number, actor: string): NewAuditLog {
  return { action: 'event_reviewed', resource_type: 'event', resource_id: String(id), actor };
}

function isConflict(error: unknown): boolean {
  return error instanceof UsageError && error.code === CONFLICT;
}

async function recordConflict(knex: Knex, { id, actor, expect }: ReviewEventOptions): Promise<void> {
  const details = { code: CONFLICT, expected_version: expect };
  await insertAuditLog(knex, { ...auditRow(id, actor), status: 'failure', details });
}

function versionConflict({ id, version }: ReviewedEvent, expected: number): UsageError {
  return new UsageError(`event ${String(id)} is at version ${String(version)}, not ${String(expected)}: it was changed since it was read`, {
    code: CONFLICT,
    hint: `nothing was written; look at \`hs events show ${String(id)}\`, then give --expect ${String(version)}`,
  });
}

export function noSuchEvent(ids: readonly number[]): UsageError {
  const what = ids.length === 1 ? 'is no event' : 'are no events';
  return new UsageError(`there ${what} ${ids.join(', ')}`, { code: 'event_unknown', hint: '`hs events list` shows the ids there are' });
}
