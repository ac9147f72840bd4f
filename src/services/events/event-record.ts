import type { EventBox, EventListRow } from '../../db/queries/events.ts';
import { anomalyLevel } from '../../domain/baselines/anomaly.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import type { PlacedDetection } from '../../domain/zones/zone-hits.ts';
import { zoneNamesOf, type CameraZones } from '../zones/camera-zones.ts';
import { spanSeconds, splitCommas } from '../lists/text-list.ts';

/** Columns of an exported event in their order; new ones are only ever added at the end. */
export const EVENT_COLUMNS = [
  'id',
  'batch_id',
  'sequence_id',
  'camera_id',
  'camera_name',
  'started_at',
  'ended_at',
  'started_at_local',
  'timezone',
  'duration_s',
  'risk_score',
  'risk_level',
  'risk_source',
  'rule_score',
  'analysis_status',
  'summary',
  'reasoning',
  'recommended_action',
  'object_types',
  'detection_count',
  'max_confidence',
  'zones',
  'anomaly',
  'is_fast_path',
  'reviewed',
  'feedback',
  'notes',
  'clip_path',
  'time_source',
  'time_ambiguous',
] as const;

export type EventColumn = (typeof EVENT_COLUMNS)[number];

/** Columns of `hs events list` and `show`: those of an export, and what matters to whoever works on the event. */
export const EVENT_VIEW_COLUMNS = [...EVENT_COLUMNS, 'flagged', 'snooze_until', 'version', 'anomaly_level'] as const;

export type EventViewColumn = (typeof EVENT_VIEW_COLUMNS)[number];

/** Columns of `hs events list` unless others are asked for. */
export const EVENT_LIST_COLUMNS = [
  'id',
  'started_at',
  'camera_id',
  'risk_score',
  'risk_level',
  'risk_source',
  'object_types',
  'zones',
  'duration_s',
  'reviewed',
  'summary',
] as const satisfies readonly EventColumn[];

export type EventRecord = Readonly<Record<EventColumn, ExportValue>>;

export type EventView = Readonly<Record<EventViewColumn, ExportValue>>;

export function toEventView(row: EventListRow, settings: ZoneSettings, zones?: CameraZones): EventView {
  const { flagged, snooze_until, version } = row;
  const anomaly_level = anomalyLevel(row.anomaly);
  return { ...toEventRecord(row, settings, zones), flagged, snooze_until, version, anomaly_level };
}

/** An event as people and programs read it; its zones are told when `zones` and its boxes are given. */
export function toEventRecord(row: EventListRow, settings: ZoneSettings, zones?: CameraZones): EventRecord {
  const timezone = cameraZone(row, settings);
  return {
    id: row.id,
    batch_id: row.batch_id,
    sequence_id: row.sequence_id,
    camera_id: row.camera_id,
    camera_name: row.camera_name,
    started_at: row.started_at,
    ended_at: row.ended_at,
    started_at_local: formatLocal(row.started_at.getTime(), timezone),
    timezone,
    duration_s: spanSeconds(row.started_at, row.ended_at),
    risk_score: row.risk_score,
    risk_level: row.risk_level,
    risk_source: row.risk_source,
    rule_score: row.rule_score,
    analysis_status: row.analysis_status,
    summary: row.summary,
    reasoning: row.reasoning,
    recommended_action: row.recommended_action,
    object_types: splitCommas(row.object_types),
    detection_count: row.detection_count,
    max_confidence: row.max_score,
    zones: zoneNamesOf(zones?.get(row.camera_id), (row.boxes ?? []).map(toPlacedBox)),
    anomaly: row.anomaly,
    is_fast_path: row.is_fast_path,
    reviewed: row.reviewed,
    feedback: row.feedback,
    notes: row.notes,
    clip_path: row.clip_path,
    time_source: row.time_source ?? null,
    time_ambiguous: row.time_ambiguous,
  };
}

function toPlacedBox([label, x, y, width, height, pictureWidth, pictureHeight]: EventBox): PlacedDetection {
  return { label, box: { x, y, width, height }, picture: { width: pictureWidth, height: pictureHeight } };
}
