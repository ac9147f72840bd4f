import type { Knex } from 'knex';

import type { EventRow } from '../models/events.ts';

export type EventScoreRow = Pick<EventRow, 'id' | 'risk_score' | 'risk_level'>;

/** What these events are scored with now. */
export async function listEventScores(knex: Knex, ids: readonly number[]): Promise<EventScoreRow[]> {
  return knex('events')
    .whereIn('id', [...ids])
    .select<EventScoreRow[]>('id', 'risk_score', 'risk_level');
}
