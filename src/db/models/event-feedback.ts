import type { Knex } from 'knex';

import type { FeedbackType, Severity } from '../../domain/enums.ts';
import { countFeedback } from './user-calibration.ts';

/** One row of `event_feedback`, as stored; one per event. */
export type EventFeedbackRow = {
  id: number;
  event_id: number;
  feedback_type: FeedbackType;
  notes: string | null;
  /** Asked for with severity_wrong. */
  expected_severity: Severity | null;
  created_at: Date;
};

export type NewEventFeedback = Pick<EventFeedbackRow, 'event_id' | 'feedback_type'> &
  Partial<Pick<EventFeedbackRow, 'notes' | 'expected_severity'>>;

/**
 * Stores the first feedback on an event and counts it for the user; undefined when the event has one already. An event without
 * a score accepts feedback, which then counts for nothing.
 */
export async function insertEventFeedback(
  trx: Knex.Transaction,
  { userId, ...feedback }: NewEventFeedback & { userId: string },
): Promise<EventFeedbackRow | undefined> {
  const [row] = await trx('event_feedback').insert(feedback).onConflict('event_id').ignore().returning<EventFeedbackRow[]>('*');
  if (row === undefined) return undefined;
  const scored = await trx<{ id: number }>('events').where({ id: row.event_id }).whereNotNull('risk_score').first('id');
  if (scored !== undefined) await countFeedback(trx, userId, row.feedback_type);
  return row;
}

export async function findEventFeedback(knex: Knex, eventId: number): Promise<EventFeedbackRow | undefined> {
  return knex<EventFeedbackRow>('event_feedback').where({ event_id: eventId }).first();
}

/** In the order they were given, as calibrating needs them. */
export async function listEventFeedback(knex: Knex, options: { types?: readonly FeedbackType[] } = {}): Promise<EventFeedbackRow[]> {
  const query = knex<EventFeedbackRow>('event_feedback').select('*').orderBy(['created_at', 'id']);
  return options.types === undefined ? query : query.whereIn('feedback_type', [...options.types]);
}
