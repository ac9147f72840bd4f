import type { Knex } from 'knex';
import type { AppLogLevel } from '../../domain/enums.ts';
import type { LogRow } from '../models/logs.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What the application log is narrowed to. The half-open time span is of the wall clock. */
export type LogFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  levels?: readonly AppLogLevel[] | undefined;
  components?: readonly string[] | undefined;
  cameraIds?: readonly string[] | undefined;
  runId?: string | undefined;
};

export const LOG_SORT_COLUMNS = {
  timestamp: 'timestamp',
  id: 'id',
  component: 'component',
  camera_id: 'camera_id',
  duration_ms: 'duration_ms',
} as const;

const NEVER_MISSING = ['timestamp', 'id', 'component'] as const;

export type LogSortField = keyof typeof LOG_SORT_COLUMNS;

type StreamLogsOptions = { filter: LogFilter; sort: ListSort<LogSortField>; limit?: number | undefined };

export function streamLogs(knex: Knex, options: StreamLogsOptions): AsyncIterable<LogRow> {
  const query = knex('logs').select('*').modify(narrowLogs, options.filter);
  const { sort, limit } = options;
  orderList(query, { columns: LOG_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'id', limit });
  return streamRows<LogRow>(query);
}

/** The lines written last, in the order they were written. */
export async function listNewestLogs(knex: Knex, options: { filter: LogFilter; limit: number }): Promise<LogRow[]> {
  const rows: unknown = await knex('logs').select('*').modify(narrowLogs, options.filter).orderBy('id', 'desc').limit(options.limit);
  return (rows as LogRow[]).reverse();
}

/** Lines written after that one, in the order they were written. */
export async function listLogsAfter(knex: Knex, options: { filter: LogFilter; afterId: number | undefined }): Promise<LogRow[]> {
  const query = knex('logs').select('*').modify(narrowLogs, options.filter);
  const rows: unknown = await query.where('id', '>', options.afterId ?? 0).orderBy('id');
  return rows as LogRow[];
}

/** Ids of cameras that the log speaks of, also of those that are gone. */
export async function listLoggedCameras(knex: Knex): Promise<string[]> {
  return knex('logs').whereNotNull('camera_id').distinct('camera_id').orderBy('camera_id').pluck<string[]>('camera_id');
}

function narrowLogs(query: Knex.QueryBuilder, filter: LogFilter): void {
  if (filter.since) void query.where('timestamp', '>=', filter.since);
  if (filter.until) void query.where('timestamp', '<', filter.until);
  if (filter.levels) void query.whereIn('level', [...filter.levels]);
  if (filter.components) void query.whereIn('component', [...filter.components]);
  if (filter.cameraIds) void query.whereIn('camera_id', [...filter.cameraIds]);
  if (filter.runId !== undefined) void query.where('request_id', filter.runId);
}
