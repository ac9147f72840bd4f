import type { Knex } from 'knex';

import { findReportCameras } from '../../db/queries/report/report-cameras.ts';
import { countEventsByQuarter } from '../../db/queries/report/event-counts.ts';
import { countReportFiles } from '../../db/queries/report/file-counts.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { Report, ReportCamera, ReportCounts } from '../../exporters/report/report-data.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { addLevels, levelsOf } from './event-levels.ts';
import { gatherActivity } from './gather-activity.ts';
import { gatherCameras } from './gather-cameras.ts';
import { findReportAlerts, findReportEvents, findReportFiles, findReportSceneChanges } from './find-findings.ts';
import { findUnusualHours } from './find-unusual-hours.ts';
import type { ReportSpan } from './report-span.ts';

type FileFacts = Pick<ReportCounts, 'files' | 'failed_files' | 'partial_files' | 'undated_files'>;

/** Everything a report says, as it is stored. Pass a snapshot: the figures must agree with each other. */
export async function gatherReport(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<Report> {
  const counted = await countEventsByQuarter(snapshot, span);
  const rows = await findReportCameras(snapshot, span.cameraIds);
  const { cameras, holes, hours } = await gatherCameras(snapshot, { span, zones, rows, counted });
  const { open, ...sceneChanges } = await findReportSceneChanges(snapshot, span, zones);
  const { files, counts } = await gatherFiles(snapshot, span, zones);
  const report = {
    kind: span.kind,
    since: span.since,
    until: span.until,
    since_local: formatLocal(span.since.getTime(), span.zone),
    until_local: formatLocal(span.until.getTime(), span.zone),
    timezone: span.zone,
    dates: span.dates,
    cameras,
    activity: gatherActivity(span, { cameras, counted, hours }),
    events: { total: counted.reduce((sum, row) => sum + row.events, 0), items: await findReportEvents(snapshot, span, zones) },
    alerts: await findReportAlerts(snapshot, span, zones),
    holes,
    scene_changes: sceneChanges,
    files,
    unusual_hours: await findUnusualHours(snapshot, span, cameras),
  };
  return { ...report, counts: { ...countsOf(report), ...counts, open_scene_changes: open } };
}

async function gatherFiles(snapshot: Knex, span: ReportSpan, zones: ZoneSettings): Promise<{ files: Report['files']; counts: FileFacts }> {
  const { files, failed, partial, undated } = await countReportFiles(snapshot, span);
  const counts = { files, failed_files: failed, partial_files: partial, undated_files: undated };
  return { files: { total: failed + partial, items: await findReportFiles(snapshot, span, zones) }, counts };
}

function countsOf(report: Omit<Report, 'counts'>): Omit<ReportCounts, keyof FileFacts | 'open_scene_changes'> {
  const { cameras, holes, scene_changes: changes } = report;
  return {
    events: report.events.total,
    events_by_level: cameras.map((camera) => camera.events_by_level).reduce(addLevels, levelsOf([])),
    alerts: report.alerts.total,
    footage_s: sum(cameras, ({ footage_s: seconds }) => seconds),
    holes: holes.total,
    missing_s: sum(cameras, ({ missing_s: seconds }) => seconds),
    scene_changes: changes.total,
    unusual_hours: report.unusual_hours.total,
  };
}

function sum(cameras: readonly ReportCamera[], of: (camera: ReportCamera) => number): number {
  return cameras.reduce((total, camera) => total + of(camera), 0);
}
