import type { Knex } from 'knex';
import { readDatabaseClock } from '../../db/database-clock.ts';
import type { EventReview } from '../../db/models/events.ts';
import { findMissingEventIds } from '../../db/queries/events.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { noSuchEvent, reviewEvent, type EventChange, type ReviewOptions } from './review-event.ts';

export type EventMarks = {
  reviewed?: boolean | undefined;
  flagged?: boolean | undefined;
  /** No alerts for this long from now; 0 ends a snooze. */
  snoozeMs?: number | undefined;
};

export type MarkEventsOptions = ReviewOptions & { ids: readonly number[]; marks: EventMarks };

/** Longer is a slip of the keyboard, and a time beyond what a date holds. */
const LONGEST_SNOOZE_MS = 3_650 * 86_400_000;

/** Marks each event in a transaction of its own and returns what really changed; an unknown id is told before the first one. */
export async function markEvents(knex: Knex, options: MarkEventsOptions): Promise<EventChange[]> {
  const ids = [...new Set(options.ids)];
  assertMarks(options.marks, { ids, expect: options.expect });
  const missing = await findMissingEventIds(knex, ids);
  if (missing.length > 0) throw noSuchEvent(missing);
  const patch = await toPatch(knex, options.marks);
  const changes: EventChange[] = [];
  for (const id of ids) changes.push(...(await reviewEvent(knex, { ...options, id, patchOf: () => patch })));
  return changes;
}

function assertMarks(marks: EventMarks, { ids, expect }: { ids: readonly number[]; expect: number | undefined }): void {
  if (Object.values(marks).every((value) => value === undefined)) {
    throw new UsageError('nothing says how to mark', { hint: 'give --reviewed, --flagged, --snooze TIME, or one of them with --no-' });
  }
  if ((marks.snoozeMs ?? 0) > LONGEST_SNOOZE_MS) throw new UsageError('--snooze is at most 3650d');
  if (expect !== undefined && ids.length !== 1) {
    throw new UsageError('--expect is the version of one event', { hint: 'mark the events one by one' });
  }
}

async function toPatch(knex: Knex, { reviewed, flagged, snoozeMs }: EventMarks): Promise<Partial<EventReview>> {
  return {
    ...(reviewed === undefined ? {} : { reviewed }),
    ...(flagged === undefined ? {} : { flagged }),
    ...(snoozeMs === undefined ? {} : { snooze_until: snoozeMs === 0 ? null : await fromNow(knex, snoozeMs) }),
  };
}

async function fromNow(knex: Knex, ms: number): Promise<Date> {
  return new Date((await readDatabaseClock(knex)).getTime() + ms);
}
