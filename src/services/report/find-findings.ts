import type { Knex } from 'knex';

import { countAlerts, streamAlerts, type AlertListRow } from '../../db/queries/alerts.ts';
import { streamEvents, type EventListRow } from '../../db/queries/events.ts';
import { streamFiles, type FileListRow } from '../../db/queries/media-files.ts';
import { streamSceneChanges, type SceneChangeListRow } from '../../db/queries/scene-changes.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { Listed, ReportAlert, ReportEvent, ReportFile, ReportSceneChange } from '../../exporters/report/report-data.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { spanSeconds, splitCommas } from '../lists/text-list.ts';
import type { ReportSpan } from './report-span.ts';

/** A report is to be read: it names the rest by a command. */
const MOST = { events: 500, alerts: 100, changes: 100, files: 100 } as const;

/** The most urgent events, in the order they began. */
export async function findReportEvents(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<ReportEvent[]> {
  const sort = { field: 'risk_score', descending: true } as const;
  const rows = await collect(streamEvents(snapshot, { filter: filterOf(span), sort, limit: MOST.events }));
  return rows.map((row) => toEvent(row, zones)).sort((a, b) => a.started_at.getTime() - b.started_at.getTime() || a.id - b.id);
}

export async function findReportAlerts(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<Listed<ReportAlert>> {
  const sort = { field: 'occurred_at', descending: false } as const;
  const rows = await collect(streamAlerts(snapshot, { filter: filterOf(span), sort, limit: MOST.alerts }));
  return { total: await countAlerts(snapshot, filterOf(span)), items: rows.map((row) => toAlert(row, zones)) };
}

/** Those that were found in the span, and those found before that are still open: the view is wrong in the span, too. */
export async function findReportSceneChanges(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<ReportSceneChanges> {
  const sort = { field: 'detected_at', descending: false } as const;
  const { cameraIds, since, until } = span;
  const found: ReportSceneChanges = { total: 0, open: 0, items: [] };
  for (const filter of [
    { cameraIds, until: since, open: true },
    { cameraIds, since, until },
  ]) {
    for await (const row of streamSceneChanges(snapshot, { filter, sort })) {
      const change = toSceneChange(row, zones);
      found.total += 1;
      if (change.open) found.open += 1;
      if (found.items.length < MOST.changes) found.items.push(change);
    }
  }
  return found;
}

export type ReportSceneChanges = { total: number; open: number; items: ReportSceneChange[] };

export async function findReportFiles(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<ReportFile[]> {
  const filter = { ...filterOf(span), statuses: ['failed', 'partial'] as const };
  const sort = { field: 'started_at', descending: false } as const;
  const rows = await collect(streamFiles(snapshot, { filter, sort, limit: MOST.files }));
  return rows.map((row) => toFile(row, zones));
}

function filterOf({ since, until, cameraIds }: ReportSpan) {
  return { since, until, cameraIds };
}

async function collect<Row>(rows: AsyncIterable<Row>): Promise<Row[]> {
  const all: Row[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

function toEvent(row: EventListRow, zones: ZoneSettings): ReportEvent {
  return {
    id: row.id,
    camera_id: row.camera_id,
    camera_name: row.camera_name,
    started_at: row.started_at,
    started_at_local: formatLocal(row.started_at.getTime(), cameraZone(row, zones)),
    duration_s: spanSeconds(row.started_at, row.ended_at),
    risk_score: row.risk_score,
    risk_level: row.risk_level,
    object_types: splitCommas(row.object_types),
    summary: row.summary,
    anomaly: row.anomaly,
    reviewed: row.reviewed,
  };
}

function toAlert(row: AlertListRow, zones: ZoneSettings): ReportAlert {
  return {
    id: row.id,
    event_id: row.event_id,
    camera_id: row.camera_id,
    camera_name: row.camera_name,
    occurred_at: row.occurred_at,
    occurred_at_local: formatLocal(row.occurred_at.getTime(), cameraZone(row, zones)),
    severity: row.severity,
    status: row.status,
    rule_name: row.rule_name,
    summary: row.summary,
  };
}

function toSceneChange(row: SceneChangeListRow, zones: ZoneSettings): ReportSceneChange {
  const zone = cameraZone(row, zones);
  return {
    id: row.id,
    camera_id: row.camera_id,
    detected_at: row.detected_at,
    detected_at_local: formatLocal(row.detected_at.getTime(), zone),
    ended_at_local: row.ended_at && formatLocal(row.ended_at.getTime(), zone),
    change_type: row.change_type,
    reason: row.reason,
    similarity_score: row.similarity_score,
    open: !row.acknowledged && row.ended_at === null,
  };
}

function toFile(row: FileListRow, zones: ZoneSettings): ReportFile {
  return {
    id: row.id,
    camera_id: row.camera_id,
    status: row.status === 'partial' ? 'partial' : 'failed',
    code: row.failure_code,
    message: row.failure_message,
    readable_fraction: row.readable_fraction,
    captured_at: row.captured_at,
    captured_at_local: row.captured_at && formatLocal(row.captured_at.getTime(), cameraZone(row, zones)),
    path: row.path,
  };
}
