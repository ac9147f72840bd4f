import type { Knex } from 'knex';
import type { LogRow } from '../../db/models/logs.ts';
import { listLogsAfter, listNewestLogs } from '../../db/queries/logs.ts';
import { followRows } from '../lists/follow-rows.ts';
import { inOrder, mapRows } from '../lists/map-rows.ts';
import { toLogRecord, type LogRecord } from './log-record.ts';
import { resolveLogScope, type LogScope } from './log-scope.ts';

export type TailLogsOptions = {
  scope: LogScope;
  /** So many lines to begin with. */
  limit: number;
  /** Goes on with lines as they are written, until the signal aborts. */
  follow: boolean;
  signal: AbortSignal;
};

/** The newest lines in the order they were written; a wrong level, time or camera is told before the first of them. */
export async function tailLogs(knex: Knex, options: TailLogsOptions): Promise<AsyncIterable<LogRecord>> {
  const filter = await resolveLogScope(knex, options.scope);
  const newest = await listNewestLogs(knex, { filter, limit: options.limit });
  const { follow, signal } = options;
  const fetchAfter = (afterId: number | undefined): Promise<LogRow[]> => listLogsAfter(knex, { filter, afterId });
  const further = follow ? followRows({ shown: newest, fetchAfter, signal }) : [];
  return mapRows(inOrder(newest, further), toLogRecord);
}
