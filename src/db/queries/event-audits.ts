import type { Knex } from 'knex';

import type { EvaluationMode } from '../../domain/event-audit.ts';
import type { RiskSource, Severity } from '../../domain/enums.ts';
import type { EventAuditRow } from '../models/event-audits.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What audits of events are narrowed to; the half-open span is of footage time, of when the event began. */
export type EventAuditFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  minQuality?: number | undefined;
  /** Evaluated at all, or so that each of these modes left something. */
  modes?: readonly ('evaluated' | EvaluationMode)[] | undefined;
};

export type EventAuditListRow = EventAuditRow & {
  camera_id: string;
  started_at: Date;
  risk_score: number | null;
  risk_level: Severity | null;
  risk_source: RiskSource;
  camera_timezone: string | null;
  property_timezone: string | null;
};

export const EVENT_AUDIT_SORT_COLUMNS = {
  event_id: 'a.event_id',
  started_at: 'e.started_at',
  camera_id: 'e.camera_id',
  risk_score: 'e.risk_score',
  audited_at: 'a.audited_at',
  enrichment_utilization: 'a.enrichment_utilization',
  overall_quality_score: 'a.overall_quality_score',
} as const;

export type EventAuditSortField = keyof typeof EVENT_AUDIT_SORT_COLUMNS;

const NEVER_MISSING = ['event_id', 'started_at', 'camera_id', 'audited_at', 'enrichment_utilization'] as const;

/** A column that a mode fills whenever it succeeds. */
const COLUMN_OF_MODE: Readonly<Record<'evaluated' | EvaluationMode, string>> = {
  evaluated: 'a.overall_quality_score',
  critique: 'a.self_eval_critique',
  rubric: 'a.context_usage_score',
  consistency: 'a.consistency_score',
  advice: 'a.missing_context',
};

type StreamOptions = { filter: EventAuditFilter; sort: ListSort<EventAuditSortField>; limit?: number | undefined };

export function streamEventAudits(knex: Knex, { filter, sort, limit }: StreamOptions): AsyncIterable<EventAuditListRow> {
  const query = knex('event_audits as a')
    .join('events as e', 'e.id', 'a.event_id')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select('a.*', 'e.camera_id', 'e.started_at', 'e.risk_score', 'e.risk_level', 'e.risk_source')
    .select({ camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .modify(narrowEvents, filter);
  if (filter.minQuality !== undefined) void query.where('a.overall_quality_score', '>=', filter.minQuality);
  for (const mode of filter.modes ?? []) void query.whereNotNull(COLUMN_OF_MODE[mode]);
  orderList(query, { columns: EVENT_AUDIT_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'a.id', limit });
  return streamRows<EventAuditListRow>(query);
}

/** Scored events that were never evaluated, the newest first. */
export async function findUnevaluatedEvents(knex: Knex, filter: EventAuditFilter, limit: number): Promise<number[]> {
  const query = knex('events as e')
    .leftJoin('event_audits as a', 'a.event_id', 'e.id')
    .whereNotNull('e.risk_score')
    .whereNull('a.overall_quality_score')
    .modify(narrowEvents, filter)
    .orderBy([
      { column: 'e.started_at', order: 'desc' },
      { column: 'e.id', order: 'desc' },
    ]);
  if (limit > 0) void query.limit(limit);
  return query.pluck<number[]>('e.id');
}

function narrowEvents(query: Knex.QueryBuilder, { since, until, cameraIds }: EventAuditFilter): void {
  if (since) void query.where('e.started_at', '>=', since);
  if (until) void query.where('e.started_at', '<', until);
  if (cameraIds) void query.whereIn('e.camera_id', [...cameraIds]);
}

/** What evaluating looks at. */
export type EventToEvaluate = {
  id: number;
  version: number;
  risk_score: number | null;
  risk_source: RiskSource;
  llm_prompt: string | null;
  summary: string | null;
  reasoning: string | null;
  recommended_action: string | null;
  entities: unknown[] | null;
  flags: unknown[] | null;
};

export async function findEventToEvaluate(knex: Knex, id: number): Promise<EventToEvaluate | undefined> {
  return knex('events')
    .where({ id })
    .first<EventToEvaluate | undefined>(
      'id',
      'version',
      'risk_score',
      'risk_source',
      'llm_prompt',
      'summary',
      'reasoning',
      'recommended_action',
      'entities',
      'flags',
    );
}

/** Score and source of the event as they are now; nobody rescores it until the transaction ends. */
export async function lockEventScore(
  trx: Knex.Transaction,
  id: number,
): Promise<Pick<EventToEvaluate, 'risk_score' | 'risk_source' | 'llm_prompt'> | undefined> {
  return trx('events')
    .where({ id })
    .forShare()
    .first<Pick<EventToEvaluate, 'risk_score' | 'risk_source' | 'llm_prompt'> | undefined>('risk_score', 'risk_source', 'llm_prompt');
}
