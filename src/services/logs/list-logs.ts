import type { Knex } from 'knex';
import type { ListSort } from '../../db/queries/list-order.ts';
import { LOG_SORT_COLUMNS, streamLogs, type LogSortField } from '../../db/queries/logs.ts';
import { mapRows } from '../lists/map-rows.ts';
import { toLogRecord, type LogRecord } from './log-record.ts';
import { resolveLogScope, type LogScope } from './log-scope.ts';

/** What `--sort` takes. */
export const LOG_SORT_FIELDS = Object.keys(LOG_SORT_COLUMNS) as LogSortField[];

export type ListLogsOptions = {
  scope: LogScope;
  sort: ListSort<LogSortField>;
  /** 0: all. */
  limit: number;
};

/** Resolves with the lines still to come; a wrong level, time or camera is told before the first of them. */
export async function listLogs(knex: Knex, options: ListLogsOptions): Promise<AsyncIterable<LogRecord>> {
  const filter = await resolveLogScope(knex, options.scope);
  return mapRows(streamLogs(knex, { filter, sort: options.sort, limit: options.limit }), toLogRecord);
}
