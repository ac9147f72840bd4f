import type { AlertRuleRow } from '../../db/models/alert-rules.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { alertScheduleText } from './schedule-text.ts';

/** Columns of a rule; new ones are only ever added at the end. */
export const RULE_COLUMNS = [
  'id',
  'name',
  'enabled',
  'severity',
  'conditions',
  'cooldown_seconds',
  'alerts_30d',
  'description',
  'risk_threshold',
  'object_types',
  'camera_ids',
  'zone_ids',
  'min_confidence',
  'schedule',
  'min_dwell_seconds',
  'trust',
  'min_anomaly',
  'object_count',
  'dedup_key_template',
  'channels',
  'created_at',
  'updated_at',
] as const;

export const RULE_LIST_COLUMNS = RULE_COLUMNS.slice(0, 7);

export type RuleRecord = Readonly<Record<(typeof RULE_COLUMNS)[number], ExportValue>>;

/** A rule as people and programs read it. `alerts`: those of the last thirty days of footage. */
export function toRuleRecord(row: AlertRuleRow, alerts: number): RuleRecord {
  const { id, name, enabled, severity, cooldown_seconds, description, risk_threshold, object_types, camera_ids, zone_ids } = row;
  const { min_dwell_seconds, trust, min_anomaly, object_count } = row.conditions ?? {};
  return {
    id,
    name,
    enabled,
    severity,
    conditions: conditionsText(row),
    cooldown_seconds,
    alerts_30d: alerts,
    description,
    risk_threshold,
    object_types,
    camera_ids,
    zone_ids,
    min_confidence: row.min_confidence,
    schedule: row.schedule === null ? null : alertScheduleText(row.schedule),
    min_dwell_seconds: min_dwell_seconds ?? null,
    trust: trust ?? null,
    min_anomaly: min_anomaly ?? null,
    object_count: object_count ?? null,
    dedup_key_template: row.dedup_key_template,
    channels: row.channels,
    created_at: row.created_at,
    updated_at: row.updated_at,
  };
}

/** `risk ≥ 60, person or vehicle ≥ 0.7 in door, friday 22:00-06:00`; `every event` without any. */
function conditionsText(row: AlertRuleRow): string {
  const { min_dwell_seconds: dwell, trust, min_anomaly: anomaly, object_count: count } = row.conditions ?? {};
  const parts = [
    atLeast('risk', row.risk_threshold),
    anyOf('', row.object_types),
    atLeast('confidence', row.min_confidence),
    anyOf('camera ', row.camera_ids),
    anyOf('zone ', row.zone_ids),
    atLeast('dwell s', dwell),
    anyOf('trust ', trust),
    atLeast('anomaly', anomaly),
    atLeast('objects', count),
    row.schedule === null ? '' : alertScheduleText(row.schedule),
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'every event' : parts.join(', ');
}

function atLeast(what: string, value: number | null | undefined): string {
  return value === null || value === undefined ? '' : `${what} ≥ ${String(value)}`;
}

function anyOf(what: string, list: readonly string[] | null | undefined): string {
  return list === null || list === undefined || list.length === 0 ? '' : `${what}${list.join(' or ')}`;
}
