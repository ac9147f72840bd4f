import type { Knex } from 'knex';
import type { CapturedAtSource, MediaFileStatus, MediaType } from '../../domain/enums.ts';
import type { MediaFileRow } from '../models/media-files.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of files is narrowed to. The half-open time span compares the start of the footage. */
export type FileFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  statuses?: readonly MediaFileStatus[] | undefined;
  codes?: readonly string[] | undefined;
  /** Beginning of the content hash, lower case. */
  sha256Prefix?: string | undefined;
  ids?: readonly number[] | undefined;
};

export type FileListRow = {
  id: number;
  status: MediaFileStatus;
  failure_code: string | null;
  failure_message: string | null;
  readable_fraction: number | null;
  camera_id: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  captured_at: Date | null;
  captured_at_source: CapturedAtSource | null;
  duration_ms: number | null;
  media_type: MediaType;
  attempts: number;
  next_retry_at: Date | null;
  content_sha256: string | null;
  size_bytes: number;
  path: string;
  detections: number;
};

export const FILE_SORT_COLUMNS = {
  id: 'f.id',
  status: 'f.status',
  code: 'f.failure_code',
  fraction: 'f.readable_fraction',
  camera_id: 'f.camera_id',
  started_at: 'f.captured_at',
  duration_s: 'f.duration_ms',
  path: 'f.path',
} as const;

const NEVER_MISSING = ['id', 'status', 'camera_id', 'path'] as const;

export type FileSortField = keyof typeof FILE_SORT_COLUMNS;

type StreamFilesOptions = { filter: FileFilter; sort: ListSort<FileSortField>; limit?: number | undefined };

export function streamFiles(knex: Knex, options: StreamFilesOptions): AsyncIterable<FileListRow> {
  const query = selectFiles(knex).modify(narrowFiles, options.filter);
  const { sort, limit } = options;
  orderList(query, { columns: FILE_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'f.id', limit });
  return streamRows<FileListRow>(query);
}

/** Ids of the files with this exact path, the current one first. */
export async function findFileIdsByPath(knex: Knex, path: string): Promise<number[]> {
  return knex('media_files').where('path', path).orderBy('last_seen_at', 'desc').orderBy('id', 'desc').pluck<number[]>('id');
}

/** Those of the ids that no file has. */
export async function findMissingFileIds(knex: Knex, ids: readonly number[]): Promise<number[]> {
  const { rows } = await knex.raw<{ rows: { id: number }[] }>(
    'select id from unnest(?::bigint[]) as id where not exists (select from media_files where media_files.id = id.id) order by id',
    [[...ids]],
  );
  return rows.map((row) => row.id);
}

export type MediaFileDetailsRow = MediaFileRow & { camera_timezone: string | null; property_timezone: string | null };

export async function findMediaFile(knex: Knex, id: number): Promise<MediaFileDetailsRow | undefined> {
  const rows = await knex('media_files as f')
    .join('cameras as c', 'c.id', 'f.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .where('f.id', id)
    .select<MediaFileDetailsRow[]>('f.*', { camera_timezone: 'c.timezone', property_timezone: 'p.timezone' });
  return rows[0];
}

export type FileClassCount = { object_type: string | null; count: number; max_score: number };

/** Detections per class of one file, most first. */
export async function countFileClasses(knex: Knex, fileId: number): Promise<FileClassCount[]> {
  return detectionsOfFile(knex)
    .join('media_files as f', 'f.id', 'd.media_file_id')
    .where('f.id', fileId)
    .groupBy('d.object_type')
    .select('d.object_type')
    .count({ count: '*' })
    .max<FileClassCount[]>({ max_score: 'd.confidence' })
    .orderBy([{ column: 'count', order: 'desc' }, { column: 'd.object_type' }]);
}

/** Puts failed and partial files back to pending with fresh attempts, so that the next ingest reads them again; returns how many. */
export async function retryFiles(knex: Knex, filter: FileFilter): Promise<number> {
  return knex('media_files as f')
    .modify(narrowFiles, filter)
    .whereIn('f.status', ['failed', 'partial'])
    .update({ status: 'pending', attempts: 0, next_retry_at: null, failure_code: null, failure_message: null });
}

function selectFiles(knex: Knex): Knex.QueryBuilder {
  return knex('media_files as f')
    .join('cameras as c', 'c.id', 'f.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .select('f.id', 'f.status', 'f.failure_code', 'f.failure_message', 'f.readable_fraction', 'f.camera_id', 'f.captured_at')
    .select('f.captured_at_source', 'f.duration_ms', 'f.media_type', 'f.attempts', 'f.next_retry_at')
    .select('f.content_sha256', 'f.size_bytes', 'f.path')
    .select({ camera_timezone: 'c.timezone', property_timezone: 'p.timezone' })
    .select({ detections: detectionsOfFile(knex).whereRaw('d.media_file_id = f.id').count('*') });
}

/** Detections of `f`, reading only the partitions of its footage. */
function detectionsOfFile(knex: Knex): Knex.QueryBuilder {
  return knex('detections as d').whereRaw(
    "d.detected_at between f.captured_at and greatest(f.ended_at, f.captured_at + coalesce(f.duration_ms, 0) * interval '1 millisecond')",
  );
}

function narrowFiles(query: Knex.QueryBuilder, filter: FileFilter): void {
  if (filter.since) void query.where('f.captured_at', '>=', filter.since);
  if (filter.until) void query.where('f.captured_at', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('f.camera_id', [...filter.cameraIds]);
  if (filter.statuses) void query.whereIn('f.status', [...filter.statuses]);
  if (filter.codes) void query.whereIn('f.failure_code', [...filter.codes]);
  if (filter.sha256Prefix !== undefined) void query.whereRaw('starts_with(f.content_sha256, ?)', [filter.sha256Prefix]);
  if (filter.ids) void query.whereIn('f.id', [...filter.ids]);
}
