import type { Knex } from 'knex';

import type { FeedbackType, RiskSource, Severity } from '../../domain/enums.ts';
import type { EventFeedbackRow } from '../models/event-feedback.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What feedback is narrowed to; the half-open span is of footage time, of when the event began. */
export type FeedbackFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  types?: readonly FeedbackType[] | undefined;
};

export type FeedbackListRow = EventFeedbackRow & {
  camera_id: string;
  started_at: Date;
  risk_score: number | null;
  risk_level: Severity | null;
  summary: string | null;
  camera_timezone: string | null;
  property_timezone: string | null;
};

export const FEEDBACK_SORT_COLUMNS = {
  event_id: 'f.event_id',
  created_at: 'f.created_at',
  started_at: 'e.started_at',
  camera_id: 'e.camera_id',
  feedback_type: 'f.feedback_type',
  score_at_feedback: 'f.score_at_feedback',
} as const;

export type FeedbackSortField = keyof typeof FEEDBACK_SORT_COLUMNS;

const NEVER_MISSING = ['event_id', 'created_at', 'started_at', 'camera_id', 'feedback_type'] as const;

type StreamOptions = { filter: FeedbackFilter; sort: ListSort<FeedbackSortField>; limit?: number | undefined };

export function streamFeedback(knex: Knex, { filter, sort, limit }: StreamOptions): AsyncIterable<FeedbackListRow> {
  const query = feedbackOnEvents(knex, filter)
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select('f.*', 'e.camera_id', 'e.started_at', 'e.risk_score', 'e.risk_level', 'e.summary')
    .select({ camera_timezone: 'c.timezone', property_timezone: 'p.timezone' });
  orderList(query, { columns: FEEDBACK_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'f.id', limit });
  return streamRows<FeedbackListRow>(query);
}

/** What a report counts. */
export type JudgedRow = Pick<EventFeedbackRow, 'feedback_type' | 'score_at_feedback' | 'risk_source' | 'prompt_version'> & {
  camera_id: string;
  /** Names of the rules that raised alerts on the event. */
  rules: string[];
};

export function streamJudged(knex: Knex, filter: FeedbackFilter): AsyncIterable<JudgedRow> {
  const rules = knex('alerts as a')
    .join('alert_rules as r', 'r.id', 'a.rule_id')
    .whereRaw('a.event_id = f.event_id')
    .select(knex.raw("coalesce(array_agg(DISTINCT r.name ORDER BY r.name), '{}')"));
  const query = feedbackOnEvents(knex, filter)
    .select('f.feedback_type', 'f.score_at_feedback', 'f.risk_source', 'f.prompt_version', 'e.camera_id', { rules })
    .orderBy('f.id');
  return streamRows<JudgedRow>(query);
}

function feedbackOnEvents(knex: Knex, filter: FeedbackFilter): Knex.QueryBuilder {
  return knex('event_feedback as f')
    .join('events as e', 'e.id', 'f.event_id')
    .modify((query) => {
      if (filter.since) void query.where('e.started_at', '>=', filter.since);
      if (filter.until) void query.where('e.started_at', '<', filter.until);
      if (filter.cameraIds) void query.whereIn('e.camera_id', [...filter.cameraIds]);
      if (filter.types) void query.whereIn('f.feedback_type', [...filter.types]);
    });
}

export type JudgedEvent = {
  id: number;
  camera_id: string;
  risk_score: number | null;
  risk_source: RiskSource;
  prompt_version: number | null;
};

/** Events as they are at this moment, by id; nobody joins or rescores them until the transaction ends. */
export async function lockJudgedEvents(trx: Knex.Transaction, ids: readonly number[]): Promise<JudgedEvent[]> {
  const { rows } = await trx.raw<{ rows: JudgedEvent[] }>(
    `SELECT e.id, e.camera_id, e.risk_score, e.risk_source, CAST(to_jsonb(e) ->> 'prompt_version' AS integer) AS prompt_version
       FROM events e WHERE e.id = ANY (?::bigint[]) ORDER BY e.id FOR NO KEY UPDATE`,
    [[...ids]],
  );
  return rows;
}

export type LearntRow = Pick<EventFeedbackRow, 'event_id' | 'feedback_type' | 'score_at_feedback' | 'expected_severity' | 'created_at'> & {
  camera_id: string;
};

type LearntFilter = { userId?: string; cameraId?: string; after?: Date | null };

/** Feedback in the order it was given; with `after` only what was given later. */
export async function findLearntFeedback(knex: Knex, { userId, cameraId, after }: LearntFilter): Promise<LearntRow[]> {
  return knex('event_feedback as f')
    .join('events as e', 'e.id', 'f.event_id')
    .modify((query) => {
      if (userId !== undefined) void query.where('f.user_id', userId);
      if (cameraId !== undefined) void query.where('e.camera_id', cameraId);
      if (after) void query.where('f.created_at', '>', after);
    })
    .orderBy(['f.created_at', 'f.id'])
    .select<LearntRow[]>('f.event_id', 'f.feedback_type', 'f.score_at_feedback', 'f.expected_severity', 'f.created_at', 'e.camera_id');
}

/** Cameras with feedback or with a calibration, by id. */
export async function findCalibratedCameras(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { camera_id: string }[] }>(
    `SELECT camera_id FROM camera_calibrations
     UNION SELECT e.camera_id FROM event_feedback f JOIN events e ON e.id = f.event_id ORDER BY 1`,
  );
  return rows.map((row) => row.camera_id);
}
