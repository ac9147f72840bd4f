import type { Knex } from 'knex';

import type { Severity, SummaryType } from '../../domain/enums.ts';
import type { SummaryRow } from '../models/summaries.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What summaries are narrowed to; the half-open span compares the end of their windows. */
export type SummaryFilter = { since?: Date | undefined; until?: Date | undefined; types?: readonly SummaryType[] | undefined };

export const SUMMARY_SORT_COLUMNS = {
  id: 'id',
  summary_type: 'summary_type',
  window_start: 'window_start',
  window_end: 'window_end',
  event_count: 'event_count',
  generated_at: 'generated_at',
} as const;

export type SummarySortField = keyof typeof SUMMARY_SORT_COLUMNS;

const NEVER_MISSING = Object.keys(SUMMARY_SORT_COLUMNS) as SummarySortField[];

type StreamOptions = { filter: SummaryFilter; sort: ListSort<SummarySortField>; limit?: number | undefined };

export function streamSummaries(knex: Knex, { filter, sort, limit }: StreamOptions): AsyncIterable<SummaryRow> {
  const query = knex('summaries').select('*');
  if (filter.since) void query.where('window_end', '>=', filter.since);
  if (filter.until) void query.where('window_end', '<', filter.until);
  if (filter.types) void query.whereIn('summary_type', [...filter.types]);
  orderList(query, { columns: SUMMARY_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'id', limit });
  return streamRows<SummaryRow>(query);
}

type Span = { since: Date; until: Date };

/** Events that began within a span by level; null: not scored yet. */
export async function countLevels(knex: Knex, { since, until }: Span): Promise<{ level: Severity | null; events: number }[]> {
  const { rows } = await knex.raw<{ rows: { level: Severity | null; events: number }[] }>(
    'SELECT risk_level AS level, count(*) AS events FROM events WHERE started_at >= ? AND started_at < ? GROUP BY 1 ORDER BY 1',
    [since, until],
  );
  return rows;
}

export type SeriousEventRow = {
  id: number;
  camera_id: string;
  camera_name: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  started_at: Date;
  risk_score: number;
  risk_level: Severity;
  summary: string | null;
  object_types: string | null;
};

/** High and critical events that began within a span, in the order they began. */
export async function findSeriousEvents(knex: Knex, { since, until }: Span): Promise<SeriousEventRow[]> {
  return knex('events as e')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .whereIn('e.risk_level', ['high', 'critical'])
    .where('e.started_at', '>=', since)
    .where('e.started_at', '<', until)
    .orderBy(['e.started_at', 'e.id'])
    .select<SeriousEventRow[]>('e.id', 'e.camera_id', 'e.started_at', 'e.risk_score', 'e.risk_level', 'e.summary', 'e.object_types', {
      camera_name: 'c.name',
      camera_timezone: 'c.timezone',
      property_timezone: 'p.timezone',
    });
}
