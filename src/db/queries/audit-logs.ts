import type { Knex } from 'knex';
import type { AuditAction, AuditStatus } from '../../domain/enums.ts';
import type { AuditLogRow } from '../models/audit-logs.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of audit rows is narrowed to. The half-open time span is of the wall clock. */
export type AuditFilter = {
  since?: Date | undefined;
  until?: Date | undefined;
  actions?: readonly AuditAction[] | undefined;
  statuses?: readonly AuditStatus[] | undefined;
  actors?: readonly string[] | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
};

export const AUDIT_SORT_COLUMNS = {
  timestamp: 'timestamp',
  id: 'id',
  action: 'action',
  resource_type: 'resource_type',
  actor: 'actor',
  status: 'status',
} as const;

const NEVER_MISSING = Object.keys(AUDIT_SORT_COLUMNS) as AuditSortField[];

export type AuditSortField = keyof typeof AUDIT_SORT_COLUMNS;

type StreamAuditLogsOptions = { filter: AuditFilter; sort: ListSort<AuditSortField>; limit?: number | undefined };

export function streamAuditLogs(knex: Knex, options: StreamAuditLogsOptions): AsyncIterable<AuditLogRow> {
  const query = knex('audit_logs').select('*').modify(narrowAuditLogs, options.filter);
  const { sort, limit } = options;
  orderList(query, { columns: AUDIT_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'id', limit });
  return streamRows<AuditLogRow>(query);
}

function narrowAuditLogs(query: Knex.QueryBuilder, filter: AuditFilter): void {
  if (filter.since) void query.where('timestamp', '>=', filter.since);
  if (filter.until) void query.where('timestamp', '<', filter.until);
  if (filter.actions) void query.whereIn('action', [...filter.actions]);
  if (filter.statuses) void query.whereIn('status', [...filter.statuses]);
  if (filter.actors) void query.whereIn('actor', [...filter.actors]);
  if (filter.resourceType !== undefined) void query.where('resource_type', filter.resourceType);
  if (filter.resourceId !== undefined) void query.where('resource_id', filter.resourceId);
}
