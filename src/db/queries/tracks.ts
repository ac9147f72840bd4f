import type { Knex } from 'knex';
import { narrowToZones, type ZoneToSearch } from './in-zone.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of tracks is narrowed to; a track lies in the half-open span when it starts there. */
export type TrackFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  minDurationMs?: number | undefined;
  /** One of its detections was in one of them. */
  zones?: readonly ZoneToSearch[] | undefined;
};

export type TrackListRow = {
  id: number;
  camera_id: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  object_class: string;
  first_seen: Date;
  last_seen: Date;
  detection_count: number;
  max_score: number;
  confirmed: boolean;
  end_reason: string | null;
};

export const TRACK_SORT_COLUMNS = {
  id: 't.id',
  first_seen: 't.first_seen',
  camera_id: 't.camera_id',
  object_type: 't.object_class',
  detections: 't.detection_count',
  max_confidence: 't.max_score',
} as const;

const NEVER_MISSING = ['id', 'first_seen', 'camera_id'] as const;

export type TrackSortField = keyof typeof TRACK_SORT_COLUMNS;

type StreamTracksOptions = { filter: TrackFilter; sort: ListSort<TrackSortField>; limit?: number | undefined };

export function streamTracks(knex: Knex, options: StreamTracksOptions): AsyncIterable<TrackListRow> {
  const query = knex('tracks as t')
    .join('cameras as c', 'c.id', 't.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select('t.id', 't.camera_id', 't.object_class', 't.first_seen', 't.last_seen')
    .select('t.detection_count', 't.max_score', 't.confirmed', 't.end_reason')
    .select({ camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .modify(narrowTracks, options.filter);
  const { sort, limit } = options;
  orderList(query, { columns: TRACK_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 't.id', limit });
  return streamRows<TrackListRow>(query);
}

function narrowTracks(query: Knex.QueryBuilder, filter: TrackFilter): void {
  if (filter.since) void query.where('t.first_seen', '>=', filter.since);
  if (filter.until) void query.where('t.first_seen', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('t.camera_id', [...filter.cameraIds]);
  if (filter.types) void query.whereIn('t.object_class', [...filter.types]);
  if (filter.minDurationMs !== undefined) {
    void query.whereRaw("t.last_seen - t.first_seen >= ? * interval '1 millisecond'", [filter.minDurationMs]);
  }
  const { zones } = filter;
  if (zones) void query.whereExists((exists) => void detectionsOfTrack(exists).modify(narrowToZones, zones));
}

/** Its span of time makes it one month and an index; tracks are not indexed in detections. */
function detectionsOfTrack(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query
    .from('detections as d')
    .select('d.id')
    .whereRaw('d.track_id = t.id and d.camera_id = t.camera_id and d.detected_at between t.first_seen and t.last_seen');
}
