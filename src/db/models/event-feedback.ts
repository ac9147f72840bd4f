import type { Knex } from 'knex';

import type { FeedbackType, RiskSource, Severity } from '../../domain/enums.ts';

/** One row of `event_feedback`, as stored; one per event. */
export type EventFeedbackRow = {
  id: number;
  event_id: number;
  feedback_type: FeedbackType;
  notes: string | null;
  /** Asked for with severity_wrong. */
  expected_severity: Severity | null;
  created_at: Date;
  /** Risk score of the event at that moment; null: none, and thresholds learn nothing. */
  score_at_feedback: number | null;
  /** Whose thresholds learn from it. */
  user_id: string;
  /** Who had given the score, and with which prompt. */
  risk_source: RiskSource | null;
  prompt_version: number | null;
};

export type NewEventFeedback = Pick<EventFeedbackRow, 'event_id' | 'feedback_type' | 'user_id'> &
  Partial<Omit<EventFeedbackRow, 'id' | 'event_id' | 'feedback_type' | 'user_id' | 'created_at'>>;

const NOTHING_MORE = { notes: null, expected_severity: null, score_at_feedback: null, risk_source: null, prompt_version: null };

/** Stores the feedback on an event in place of what was said before; it counts from now on. */
export async function saveEventFeedback(trx: Knex.Transaction, feedback: NewEventFeedback): Promise<EventFeedbackRow> {
  const columns = { ...NOTHING_MORE, ...feedback, created_at: trx.raw('clock_timestamp()') };
  const [row] = await trx('event_feedback').insert(columns).onConflict('event_id').merge(columns).returning<EventFeedbackRow[]>('*');
  if (row === undefined) throw new Error('the feedback was not stored');
  return row;
}

export async function findEventFeedback(knex: Knex, eventId: number): Promise<EventFeedbackRow | undefined> {
  return knex<EventFeedbackRow>('event_feedback').where({ event_id: eventId }).first();
}

/** Feedback on any of these events, by event. */
export async function findFeedbackOf(knex: Knex, eventIds: readonly number[]): Promise<EventFeedbackRow[]> {
  return knex<EventFeedbackRow>('event_feedback')
    .whereIn('event_id', [...eventIds])
    .orderBy('event_id');
}

/** In the order it was given, as calibrating needs it. */
export async function listEventFeedback(knex: Knex, options: { types?: readonly FeedbackType[] } = {}): Promise<EventFeedbackRow[]> {
  const query = knex<EventFeedbackRow>('event_feedback').select('*').orderBy(['created_at', 'id']);
  return options.types === undefined ? query : query.whereIn('feedback_type', [...options.types]);
}

export async function deleteEventFeedback(trx: Knex.Transaction, eventIds: readonly number[]): Promise<void> {
  await trx('event_feedback')
    .whereIn('event_id', [...eventIds])
    .delete();
}

/** Hands the feedback on one event to another, which must have none. */
export async function moveEventFeedback(trx: Knex.Transaction, { from, into }: { from: number; into: number }): Promise<void> {
  await trx('event_feedback').where({ event_id: from }).update({ event_id: into });
}
