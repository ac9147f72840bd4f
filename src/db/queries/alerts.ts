import type { Knex } from 'knex';
import type { AlertStatus, Severity } from '../../domain/enums.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of alerts is narrowed to; an absent member does not narrow. The time span is half-open and of footage. */
export type AlertFilter = {
  ids?: readonly string[] | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
  severities?: readonly Severity[] | undefined;
  statuses?: readonly AlertStatus[] | undefined;
  ruleIds?: readonly string[] | undefined;
};

/** An alert with what it is about. */
export type AlertListRow = {
  id: string;
  event_id: number;
  rule_id: string | null;
  rule_name: string | null;
  severity: Severity;
  status: AlertStatus;
  occurred_at: Date;
  created_at: Date;
  delivered_at: Date | null;
  dedup_key: string;
  cooldown_seconds: number;
  channels: string[];
  alert_metadata: Record<string, unknown> | null;
  zone_name: string | null;
  camera_id: string;
  camera_name: string;
  camera_timezone: string | null;
  property_timezone: string | null;
  started_at: Date;
  ended_at: Date | null;
  risk_score: number | null;
  risk_level: Severity | null;
  object_types: string | null;
  summary: string | null;
  snooze_until: Date | null;
};

export const ALERT_SORT_COLUMNS = {
  id: 'a.id',
  occurred_at: 'a.occurred_at',
  created_at: 'a.created_at',
  delivered_at: 'a.delivered_at',
  camera_id: 'e.camera_id',
  risk_score: 'e.risk_score',
} as const;

export type AlertSortField = keyof typeof ALERT_SORT_COLUMNS;

const NEVER_MISSING = ['id', 'occurred_at', 'created_at', 'camera_id'] as const;

type StreamAlertsOptions = { filter: AlertFilter; sort: ListSort<AlertSortField>; limit?: number | undefined };

export function streamAlerts(knex: Knex, { filter, sort, limit }: StreamAlertsOptions): AsyncIterable<AlertListRow> {
  const query = selectAlerts(knex).modify(narrowAlerts, filter);
  orderList(query, { columns: ALERT_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'a.id', limit });
  return streamRows<AlertListRow>(query);
}

export async function countAlerts(knex: Knex, filter: AlertFilter): Promise<number> {
  const query = knex('alerts as a').join('events as e', 'e.id', 'a.event_id').modify(narrowAlerts, filter);
  const rows = await query.count<{ count: number }[]>({ count: '*' });
  return rows[0]?.count ?? 0;
}

/** Ids that are no alert's. Throws for text that is no UUID. */
export async function findMissingAlertIds(knex: Knex, ids: readonly string[]): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    'select id from unnest(?::uuid[]) as id where not exists (select from alerts where alerts.id = id.id)',
    [[...ids]],
  );
  return rows.map((row) => row.id);
}

export async function findAlertDetails(knex: Knex, ids: readonly string[]): Promise<AlertListRow[]> {
  const rows: unknown = await selectAlerts(knex).modify(narrowAlerts, { ids }).orderBy('a.id');
  return rows as AlertListRow[];
}

type OpenOptions = {
  /** Only those behind this one. */
  after: string | undefined;
  /** Only these. */
  ids: readonly string[] | undefined;
  /** Of older footage only those nothing was decided about yet. */
  decidedSince: Date;
  limit: number;
};

/** Alerts that nobody was told of yet, in the order they were raised. */
export async function findOpenAlerts(knex: Knex, { after, ids, decidedSince, limit }: OpenOptions): Promise<AlertListRow[]> {
  const query = selectAlerts(knex).where('a.status', 'pending').orderBy('a.id').limit(limit);
  if (after !== undefined) void query.where('a.id', '>', after);
  if (ids !== undefined) void query.whereIn('a.id', [...ids]);
  else {
    void query.where((open) => {
      void open.where('a.occurred_at', '>=', decidedSince).orWhereRaw("a.alert_metadata -> 'suppressed_by' IS NULL");
    });
  }
  const rows: unknown = await query;
  return rows as AlertListRow[];
}

function selectAlerts(knex: Knex): Knex.QueryBuilder {
  return knex('alerts as a')
    .join('events as e', 'e.id', 'a.event_id')
    .join('cameras as c', 'c.id', 'e.camera_id')
    .leftJoin('properties as p', 'p.id', 'c.property_id')
    .leftJoin('alert_rules as r', 'r.id', 'a.rule_id')
    .leftJoin('zones as z', (join) => {
      join.on('z.id', '=', knex.raw("a.alert_metadata ->> 'zone_id'"));
    })
    .select('a.id', 'a.event_id', 'a.rule_id', 'a.severity', 'a.status', 'a.occurred_at', 'a.created_at', 'a.delivered_at')
    .select('a.dedup_key', 'a.cooldown_seconds', 'a.channels', 'a.alert_metadata', 'e.camera_id', 'e.started_at', 'e.ended_at')
    .select('e.risk_score', 'e.risk_level', 'e.object_types', 'e.summary', 'e.snooze_until')
    .select({ rule_name: knex.raw("coalesce(r.name, a.alert_metadata ->> 'rule_name')"), zone_name: 'z.name' })
    .select({ camera_name: 'c.name', camera_timezone: 'c.timezone', property_timezone: 'p.timezone' });
}

function narrowAlerts(query: Knex.QueryBuilder, filter: AlertFilter): void {
  if (filter.since) void query.where('a.occurred_at', '>=', filter.since);
  if (filter.until) void query.where('a.occurred_at', '<', filter.until);
  if (filter.cameraIds) void query.whereIn('e.camera_id', [...filter.cameraIds]);
  if (filter.severities) void query.whereIn('a.severity', [...filter.severities]);
  if (filter.statuses) void query.whereIn('a.status', [...filter.statuses]);
  if (filter.ruleIds) void query.whereIn('a.rule_id', [...filter.ruleIds]);
  if (filter.ids) void query.whereRaw('a.id = any(?::uuid[])', [[...filter.ids]]);
}

/** How many alerts each rule raised in a span of footage. */
export async function countAlertsByRule(knex: Knex, span: { since: Date; until: Date }): Promise<Map<string, number>> {
  const { rows } = await knex.raw<{ rows: { rule_id: string; count: number }[] }>(
    `SELECT rule_id, count(*) AS count FROM alerts WHERE rule_id IS NOT NULL AND occurred_at > ? AND occurred_at <= ? GROUP BY rule_id`,
    [span.since, span.until],
  );
  return new Map(rows.map(({ rule_id, count }) => [rule_id, count]));
}
