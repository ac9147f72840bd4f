import type { Knex } from 'knex';
import type { CapturedAtSource, MediaType } from '../../domain/enums.ts';
import { narrowToZones, type ZoneToSearch } from './in-zone.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of detections is narrowed to. The half-open time span also decides which monthly partitions are read at all. */
export type DetectionFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  types?: readonly string[] | undefined;
  minConfidence?: number | undefined;
  mediaFileIds?: readonly number[] | undefined;
  trackId?: number | undefined;
  isStatic?: boolean | undefined;
  eventId?: number | undefined;
  zones?: readonly ZoneToSearch[] | undefined;
  ids?: readonly number[] | undefined;
};

export type DetectionListRow = {
  id: number;
  event_ids: number[] | null;
  camera_id: string;
  camera_name: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  detected_at: Date;
  object_type: string | null;
  confidence: number | null;
  bbox_x: number | null;
  bbox_y: number | null;
  bbox_width: number | null;
  bbox_height: number | null;
  image_width: number | null;
  image_height: number | null;
  track_id: number | null;
  is_static: boolean | null;
  media_type: MediaType | null;
  media_file_id: number | null;
  file_path: string;
  file_sha256: string | null;
  frame_offset_ms: number | null;
  thumbnail_path: string | null;
  model: string | null;
  time_source: CapturedAtSource | null;
  /** Only where it was asked for. */
  enrichment_data?: Record<string, unknown> | null;
};

export const DETECTION_SORT_COLUMNS = {
  id: 'd.id',
  detected_at: 'd.detected_at',
  camera_id: 'd.camera_id',
  object_type: 'd.object_type',
  confidence: 'd.confidence',
  track_id: 'd.track_id',
} as const;

const NEVER_MISSING = ['id', 'detected_at', 'camera_id'] as const;

export type DetectionSortField = keyof typeof DETECTION_SORT_COLUMNS;

type StreamDetectionsOptions = {
  filter: DetectionFilter;
  sort: ListSort<DetectionSortField>;
  limit?: number | undefined;
  /** Whether what optional stages noted is read, too. */
  withEnrichment?: boolean;
};

export function streamDetections(knex: Knex, options: StreamDetectionsOptions): AsyncIterable<DetectionListRow> {
  const query = selectDetections(knex).modify(narrowDetections, options.filter);
  const { sort, limit, withEnrichment = false } = options;
  if (withEnrichment) void query.select('d.enrichment_data');
  orderList(query, { columns: DETECTION_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'd.id', limit });
  return streamRows<DetectionListRow>(query);
}

export async function countDetections(knex: Knex, filter: DetectionFilter): Promise<number> {
  const rows = await knex('detections as d').modify(narrowDetections, filter).count<{ count: number }[]>({ count: '*' });
  return rows[0]?.count ?? 0;
}

function selectDetections(knex: Knex): Knex.QueryBuilder {
  return knex('detections as d')
    .join('cameras as c', 'c.id', 'd.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .leftJoin('media_files as f', 'f.id', 'd.media_file_id')
    .select('d.id', 'd.camera_id', 'd.detected_at', 'd.object_type', 'd.confidence')
    .select('d.bbox_x', 'd.bbox_y', 'd.bbox_width', 'd.bbox_height', 'd.track_id', 'd.is_static', 'd.media_type')
    .select('d.media_file_id', 'd.frame_offset_ms', 'd.thumbnail_path', 'd.time_source')
    .select({ image_width: 'd.video_width', image_height: 'd.video_height', model: 'd.model_id' })
    .select({ camera_name: 'c.name', camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .select({ file_path: knex.raw('coalesce(f.path, d.file_path)'), file_sha256: 'f.content_sha256' })
    .select({ event_ids: eventIdsOfDetection(knex) });
}

function eventIdsOfDetection(knex: Knex): Knex.QueryBuilder {
  return knex('event_detections as ed').whereRaw('ed.detection_id = d.id').select(knex.raw('array_agg(ed.event_id order by ed.event_id)'));
}

export function narrowDetections(query: Knex.QueryBuilder, filter: DetectionFilter): void {
  if (filter.since) void query.where('d.detected_at', '>=', filter.since);
  if (filter.until) void query.where('d.detected_at', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('d.camera_id', [...filter.cameraIds]);
  if (filter.types) void query.whereIn('d.object_type', [...filter.types]);
  if (filter.minConfidence !== undefined) void query.where('d.confidence', '>=', filter.minConfidence);
  narrowDetectionsByOrigin(query, filter);
}

function narrowDetectionsByOrigin(query: Knex.QueryBuilder, filter: DetectionFilter): void {
  if (filter.mediaFileIds) void query.whereIn('d.media_file_id', [...filter.mediaFileIds]);
  if (filter.trackId !== undefined) void query.where('d.track_id', filter.trackId);
  if (filter.isStatic !== undefined) void query.whereRaw('coalesce(d.is_static, false) = ?', [filter.isStatic]);
  if (filter.ids) void query.whereRaw('d.id = any(?::bigint[])', [[...filter.ids]]);
  if (filter.zones) narrowToZones(query, filter.zones);
  const { eventId } = filter;
  if (eventId === undefined) return;
  void query.whereExists((exists) => {
    void exists.from('event_detections as ed').select('ed.event_id').whereRaw('ed.detection_id = d.id').where('ed.event_id', eventId);
  });
}
