import type { DeliveryAttempt } from '../../db/models/alert-deliveries.ts';
import type { AlertListRow } from '../../db/queries/alerts.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { splitCommas } from '../lists/text-list.ts';

/** Columns of an alert (§10.14); new ones are only ever added at the end. */
export const ALERT_COLUMNS = [
  'id',
  'event_id',
  'rule_id',
  'rule_name',
  'severity',
  'status',
  'occurred_at',
  'occurred_at_local',
  'timezone',
  'created_at',
  'delivered_at',
  'camera_id',
  'camera_name',
  'risk_score',
  'risk_level',
  'object_types',
  'zones',
  'dedup_key',
  'channels',
  'suppressed_by',
  'summary',
] as const;

export type AlertColumn = (typeof ALERT_COLUMNS)[number];

export const ALERT_LIST_COLUMNS = [
  'id',
  'occurred_at',
  'severity',
  'status',
  'event_id',
  'rule_name',
  'camera_id',
  'risk_score',
  'summary',
] as const satisfies readonly AlertColumn[];

export type AlertRecord = Readonly<Record<AlertColumn, ExportValue>>;

/** An alert as people and programs read it. `suppressed_by`: why nobody is told of it; `zones`: the zone it was raised for. */
export function toAlertRecord(row: AlertListRow, settings: ZoneSettings): AlertRecord {
  const timezone = cameraZone(row, settings);
  return {
    id: row.id,
    event_id: row.event_id,
    rule_id: row.rule_id,
    rule_name: row.rule_name,
    severity: row.severity,
    status: row.status,
    occurred_at: row.occurred_at,
    occurred_at_local: formatLocal(row.occurred_at.getTime(), timezone),
    timezone,
    created_at: row.created_at,
    delivered_at: row.delivered_at,
    camera_id: row.camera_id,
    camera_name: row.camera_name,
    risk_score: row.risk_score,
    risk_level: row.risk_level,
    object_types: splitCommas(row.object_types),
    zones: row.zone_name === null ? [] : [row.zone_name],
    dedup_key: row.dedup_key,
    channels: row.channels,
    suppressed_by: textsOf(row.alert_metadata?.['suppressed_by'] ?? row.alert_metadata?.['dismissed_reason']),
    summary: row.summary,
  };
}

export type AlertDetails = AlertRecord & { conditions: object[]; detection_id: ExportValue; attempts: DeliveryAttempt[] };

/** The same with why it was raised and how telling of it went. */
export function toAlertDetails(row: AlertListRow, settings: ZoneSettings): AlertDetails {
  const { conditions, detection_id: detectionId, attempts } = row.alert_metadata ?? {};
  return {
    ...toAlertRecord(row, settings),
    detection_id: typeof detectionId === 'number' ? detectionId : null,
    conditions: Array.isArray(conditions) ? (conditions as object[]) : [],
    attempts: Array.isArray(attempts) ? (attempts as DeliveryAttempt[]) : [],
  };
}

function textsOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' ? [value] : [];
}
