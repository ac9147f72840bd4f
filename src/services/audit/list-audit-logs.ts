import type { Knex } from 'knex';
import { AUDIT_SORT_COLUMNS, streamAuditLogs, type AuditFilter, type AuditSortField } from '../../db/queries/audit-logs.ts';
import type { AuditLogRow } from '../../db/models/audit-logs.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveWallSpan, type WallSpan } from '../lists/resolve-wall-span.ts';

/** Columns of an audit row in their order; new ones are only ever added at the end. */
export const AUDIT_COLUMNS = [
  'id',
  'timestamp',
  'actor',
  'action',
  'resource_type',
  'resource_id',
  'status',
  'details',
  'sequence',
  'hash',
] as const;

/** Those that a table has unless asked for others. */
export const AUDIT_DEFAULTS = AUDIT_COLUMNS.filter((column) => column !== 'sequence' && column !== 'hash');

/** What `--sort` takes. */
export const AUDIT_SORT_FIELDS = Object.keys(AUDIT_SORT_COLUMNS) as AuditSortField[];

export type AuditRecord = Readonly<Pick<AuditLogRow, (typeof AUDIT_COLUMNS)[number]>>;

export type ListAuditLogsOptions = {
  span: WallSpan;
  filter: Pick<AuditFilter, 'actions' | 'statuses' | 'actors'>;
  /** `camera`, or `camera:front_door`. */
  resource?: string | undefined;
  sort: ListSort<AuditSortField>;
  /** 0: all. */
  limit: number;
};

/** Resolves with the rows still to come; a wrong time is told before the first of them. */
export async function listAuditLogs(knex: Knex, options: ListAuditLogsOptions): Promise<AsyncIterable<AuditRecord>> {
  const filter = { ...options.filter, ...toResourceFilter(options.resource), ...(await resolveWallSpan(knex, options.span)) };
  return mapRows(streamAuditLogs(knex, { filter, sort: options.sort, limit: options.limit }), toAuditRecord);
}

/** The two columns of the origin on the web stay out: the command line never fills them. */
function toAuditRecord(row: AuditLogRow): AuditRecord {
  return Object.fromEntries(AUDIT_COLUMNS.map((column) => [column, row[column]])) as AuditRecord;
}

function toResourceFilter(resource: string | undefined): Pick<AuditFilter, 'resourceType' | 'resourceId'> {
  if (resource === undefined) return {};
  const colon = resource.indexOf(':');
  return colon === -1 ? { resourceType: resource } : { resourceType: resource.slice(0, colon), resourceId: resource.slice(colon + 1) };
}
