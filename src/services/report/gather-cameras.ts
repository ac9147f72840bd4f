import type { Knex } from 'knex';

import type { EventCountRow } from '../../db/queries/report/event-counts.ts';
import type { ReportCameraRow } from '../../db/queries/report/report-cameras.ts';
import { coveredHours } from '../../domain/coverage/covered-hours.ts';
import type { Interval } from '../../domain/coverage/interval.ts';
import { DAY_MS, type LocalHour } from '../../domain/coverage/local-hours.ts';
import { localDayOf } from '../../domain/time/local-day.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { Listed, ReportCamera, ReportHole } from '../../exporters/report/report-data.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { loadCoverage } from '../coverage/load-coverage.ts';
import { reportCoverage, type CoverageReport } from '../coverage/report-coverage.ts';
import { levelsOf } from './event-levels.ts';
import type { ReportSpan } from './report-span.ts';

const MOST_HOLES = 100;

type GatherOptions = {
  span: ReportSpan;
  zones: ZoneSettings;
  rows: readonly ReportCameraRow[];
  counted: readonly EventCountRow[];
};

/** `hours`: by camera, the local hours of the span of which there is footage. */
export type GatheredCameras = { cameras: ReportCamera[]; holes: Listed<ReportHole>; hours: Map<string, LocalHour[]> };

/** What is known of the footage of each camera. */
export async function gatherCameras(snapshot: Knex, options: GatherOptions): Promise<GatheredCameras> {
  const { span, zones, rows } = options;
  const found: GatheredCameras = { cameras: [], holes: { total: 0, items: [] }, hours: new Map() };
  if (rows.length === 0) return found;
  const holes: ReportHole[] = [];
  const names = new Map(rows.map((row) => [row.id, row]));
  const scope = { since: span.since.toISOString(), until: span.until.toISOString(), cameras: span.cameraIds };
  for await (const coverage of await reportCoverage(snapshot, { scope, zones })) {
    const row = names.get(coverage.cameraId);
    if (row === undefined) continue;
    const footage = await loadCoverage(snapshot, row.id, widened(span));
    found.cameras.push(toCamera(row, { coverage, footage, options }));
    found.hours.set(row.id, knownHours(coverage, footage, span));
    holes.push(...toHoles(coverage));
  }
  holes.sort((a, b) => a.from.getTime() - b.from.getTime());
  return { ...found, holes: { total: holes.length, items: holes.slice(0, MOST_HOLES) } };
}

/** What a camera that records on motion saw a day before and after says whether it was on. */
function widened({ since, until }: ReportSpan): Interval {
  return { startMs: since.getTime() - DAY_MS, endMs: until.getTime() + DAY_MS };
}

type CameraFacts = { coverage: CoverageReport; footage: readonly Interval[]; options: GatherOptions };

function toCamera(row: ReportCameraRow, { coverage, footage, options }: CameraFacts): ReportCamera {
  const { zone, holes, footageMs } = coverage;
  const { span, counted } = options;
  const byLevel = levelsOf(counted.filter(({ camera_id: id }) => id === row.id));
  return {
    camera_id: row.id,
    camera_name: row.name,
    timezone: zone,
    recording: coverage.recording,
    last_footage_at: row.last_at,
    last_footage_at_local: row.last_at && formatLocal(row.last_at.getTime(), zone),
    footage_s: footageMs / 1000,
    holes: holes.length,
    missing_s: holes.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0) / 1000,
    events: Object.values(byLevel).reduce((sum, count) => sum + count, 0),
    events_by_level: byLevel,
    days: span.dates.map((date) => dayOf(date, row, coverage)),
    footage: span.kind === 'daily' ? withinSpan(footage, span) : [],
  };
}

/** Null before the first and after the last footage of the camera, whatever the span of the report. */
function dayOf(date: string, { first_at: first, last_at: last }: ReportCameraRow, coverage: CoverageReport): ReportCamera['days'][number] {
  const { startMs, endMs } = localDayOf(date, coverage.zone);
  if (first === null || last === null || endMs <= first.getTime() || startMs > last.getTime()) return null;
  const covered = coverage.days.find((day) => day.date === date)?.coveredMs ?? 0;
  const hasHole = coverage.holes.some((hole) => hole.startMs < endMs && hole.endMs > startMs);
  return { share: covered / (endMs - startMs), has_hole: hasHole };
}

function withinSpan(footage: readonly Interval[], { since, until }: ReportSpan): ReportCamera['footage'] {
  return footage
    .map(({ startMs, endMs }) => ({ from: Math.max(startMs, since.getTime()), to: Math.min(endMs, until.getTime()) }))
    .filter(({ from, to }) => to > from)
    .map(({ from, to }) => ({ from: new Date(from), to: new Date(to) }));
}

function knownHours({ zone, recording }: CoverageReport, coverage: readonly Interval[], span: ReportSpan): LocalHour[] {
  const within = { startMs: span.since.getTime(), endMs: span.until.getTime() };
  return [...coveredHours({ coverage, zone, mode: recording ?? 'triggered' }, within)].filter(({ exposure }) => exposure > 0);
}

function toHoles(coverage: CoverageReport): ReportHole[] {
  return coverage.holes.map(({ startMs, endMs, cause }) => ({
    camera_id: coverage.cameraId,
    from: new Date(startMs),
    to: new Date(endMs),
    from_local: formatLocal(startMs, coverage.zone),
    to_local: formatLocal(endMs, coverage.zone),
    seconds: (endMs - startMs) / 1000,
    cause,
  }));
}
