import type { Knex } from 'knex';
import type { AnalysisStatus, FeedbackType, RiskSource, Severity } from '../../domain/enums.ts';
import type { AnomalyBasis } from '../models/event-anomalies.ts';
import { narrowToZones, type ZoneToSearch } from './in-zone.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of events is narrowed to; an absent member does not narrow. The time span is half-open and compares the start. */
export type EventFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  levels?: readonly Severity[] | undefined;
  minScore?: number | undefined;
  types?: readonly string[] | undefined;
  reviewed?: boolean | undefined;
  fastPath?: boolean | undefined;
  sources?: readonly RiskSource[] | undefined;
  statuses?: readonly AnalysisStatus[] | undefined;
  text?: string | undefined;
  /** One of its detections was in one of them. */
  zones?: readonly ZoneToSearch[] | undefined;
  ids?: readonly number[] | undefined;
};

export type EventListRow = {
  id: number;
  batch_id: string;
  sequence_id: string | null;
  camera_id: string;
  camera_name: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  started_at: Date;
  ended_at: Date | null;
  risk_score: number | null;
  risk_level: Severity | null;
  risk_source: RiskSource;
  rule_score: number | null;
  analysis_status: AnalysisStatus;
  summary: string | null;
  reasoning: string | null;
  recommended_action: string | null;
  object_types: string | null;
  detection_count: number | null;
  max_score: number | null;
  is_fast_path: boolean;
  reviewed: boolean;
  flagged: boolean;
  snooze_until: Date | null;
  version: number;
  notes: string | null;
  clip_path: string | null;
  time_ambiguous: boolean | null;
  anomaly: number | null;
  anomaly_basis: AnomalyBasis | null;
  /** What somebody said about it. */
  feedback: FeedbackType | null;
  /** Where the times of its detections were read, `; `-separated when several; absent unless asked for. */
  time_source?: string | null;
  /** Its different boxes; absent unless asked for, null for other cameras. */
  boxes?: EventBox[] | null;
};

/** A box in pixels of its picture. */
export type EventBox = [label: string, x: number, y: number, width: number, height: number, pictureWidth: number, pictureHeight: number];

export const EVENT_SORT_COLUMNS = {
  id: 'e.id',
  started_at: 'e.started_at',
  ended_at: 'e.ended_at',
  camera_id: 'e.camera_id',
  risk_score: 'e.risk_score',
  rule_score: 'e.rule_score',
  detection_count: 'e.detection_count',
  max_confidence: 'e.max_score',
} as const;

const NEVER_MISSING = ['id', 'started_at', 'camera_id'] as const;

export type EventSortField = keyof typeof EVENT_SORT_COLUMNS;

type StreamEventsOptions = {
  filter: EventFilter;
  sort: ListSort<EventSortField>;
  limit?: number | undefined;
  /** Costs one look-up per detection of every event. */
  withTimeSource?: boolean;
  /** Boxes of events of these cameras; costs the same. */
  boxesOf?: readonly string[];
};

export function streamEvents(knex: Knex, options: StreamEventsOptions): AsyncIterable<EventListRow> {
  const query = selectEvents(knex).modify(narrowEvents, options.filter, knex);
  if (options.withTimeSource === true) void query.select({ time_source: timeSourceOfEvent(knex) });
  if (options.boxesOf !== undefined && options.boxesOf.length > 0) {
    void query.select({ boxes: boxesOfEvent(knex).whereRaw('e.camera_id = any(?)', [[...options.boxesOf]]) });
  }
  const { sort, limit } = options;
  orderList(query, { columns: EVENT_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'e.id', limit });
  return streamRows<EventListRow>(query);
}

export async function countEvents(knex: Knex, filter: EventFilter): Promise<number> {
  const rows = await knex('events as e').modify(narrowEvents, filter, knex).count<{ count: number }[]>({ count: '*' });
  return rows[0]?.count ?? 0;
}

export async function findEvent(knex: Knex, id: number): Promise<EventListRow | undefined> {
  const rows: unknown = await selectEvents(knex)
    .where('e.id', id)
    .select({ time_source: timeSourceOfEvent(knex), boxes: boxesOfEvent(knex) });
  return (rows as EventListRow[])[0];
}

/** Those of the given ids that no event has. */
export async function findMissingEventIds(knex: Knex, ids: readonly number[]): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    'select id from unnest(?::bigint[]) as id where not exists (select from events where events.id = id.id) order by id',
    [[...ids]],
  );
  return rows.map((row) => row.id);
}

function selectEvents(knex: Knex): Knex.QueryBuilder {
  return knex('events as e')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .leftJoin('event_feedback as f', 'f.event_id', 'e.id')
    .select('e.id', 'e.batch_id', 'e.sequence_id', 'e.camera_id', 'e.started_at', 'e.ended_at')
    .select('e.risk_score', 'e.risk_level', 'e.risk_source', 'e.rule_score', 'e.analysis_status')
    .select('e.summary', 'e.reasoning', 'e.recommended_action', 'e.object_types', 'e.detection_count', 'e.max_score')
    .select('e.is_fast_path', 'e.reviewed', 'e.flagged', 'e.snooze_until', 'e.version', 'e.notes', 'e.clip_path', 'e.time_ambiguous')
    .select('e.anomaly', 'e.anomaly_basis')
    .select({ camera_name: 'c.name', camera_timezone: 'c.timezone', property_timezone: 'p.timezone', feedback: 'f.feedback_type' });
}

function boxesOfEvent(knex: Knex): Knex.QueryBuilder {
  return detectionsOfEvent(knex)
    .whereRaw('d.bbox_height is not null and d.video_height is not null')
    .select(
      knex.raw(
        `jsonb_agg(distinct jsonb_build_array(
           d.object_type, d.bbox_x, d.bbox_y, d.bbox_width, d.bbox_height, d.video_width, d.video_height))`,
      ),
    );
}

function timeSourceOfEvent(knex: Knex): Knex.QueryBuilder {
  return detectionsOfEvent(knex).select(knex.raw("string_agg(distinct d.time_source, '; ' order by d.time_source)"));
}

function detectionsOfEvent(knex: Knex): Knex.QueryBuilder {
  return knex('event_detections as ed')
    .join('detections as d', (join) => {
      join.on('d.id', 'ed.detection_id').andOn('d.detected_at', 'ed.detected_at');
    })
    .whereRaw('ed.event_id = e.id');
}

function narrowEvents(query: Knex.QueryBuilder, filter: EventFilter, knex: Knex): void {
  if (filter.since) void query.where('e.started_at', '>=', filter.since);
  if (filter.until) void query.where('e.started_at', '<', filter.until);
  if (filter.minScore !== undefined) void query.where('e.risk_score', '>=', filter.minScore);
  if (filter.reviewed !== undefined) void query.where('e.reviewed', filter.reviewed);
  if (filter.fastPath !== undefined) void query.where('e.is_fast_path', filter.fastPath);
  if (filter.cameraIds) void query.whereIn('e.camera_id', [...filter.cameraIds]);
  narrowEventsByList(query, filter);
  const { zones } = filter;
  if (zones)
    void query
      .whereIn('e.camera_id', camerasOf(zones))
      .whereExists(detectionsOfEvent(knex).select(knex.raw('1')).modify(narrowToZones, zones));
}

function camerasOf(zones: readonly ZoneToSearch[]): string[] {
  return [...new Set(zones.map((zone) => zone.camera_id))];
}

function narrowEventsByList(query: Knex.QueryBuilder, filter: EventFilter): void {
  if (filter.levels) void query.whereIn('e.risk_level', [...filter.levels]);
  if (filter.sources) void query.whereIn('e.risk_source', [...filter.sources]);
  if (filter.statuses) void query.whereIn('e.analysis_status', [...filter.statuses]);
  if (filter.types) void query.whereRaw("string_to_array(e.object_types, ',') && ?::text[]", [[...filter.types]]);
  if (filter.ids) void query.whereRaw('e.id = any(?::bigint[])', [[...filter.ids]]);
  if (filter.text !== undefined) {
    void query.whereRaw("e.search_vector @@ websearch_to_tsquery('english', ?)", [filter.text]);
  }
}
