import { formatLocal } from '../../domain/time/local-time.ts';
import type { ExportValue } from '../../exporters/export-record.ts';
import { inHours, type CoverageReport } from './report-coverage.ts';

/** Columns of `hs coverage` in their order; new ones are only ever added at the end. */
export const COVERAGE_COLUMNS = [
  'camera_id',
  'recording',
  'first_at',
  'last_at',
  'footage_hours',
  'covered_hours',
  'holes',
  'missing_hours',
  'longest_hole_s',
  'last_footage_age_s',
  'unread_files',
  'timezone',
  'first_at_local',
  'last_at_local',
] as const;

const SHOWN = 11;
export const COVERAGE_LIST_COLUMNS = COVERAGE_COLUMNS.slice(0, SHOWN);

export type CoverageRecord = Readonly<Record<(typeof COVERAGE_COLUMNS)[number], ExportValue>>;

export function toCoverageRecord(report: CoverageReport): CoverageRecord {
  const { cameraId, recording, first, last, zone, lastAgeMs } = report;
  const lengthsMs = report.holes.map(({ startMs, endMs }) => endMs - startMs);
  return {
    camera_id: cameraId,
    recording,
    first_at: first,
    last_at: last,
    footage_hours: inHours(report.footageMs),
    covered_hours: report.coveredHours,
    holes: report.holes.length,
    missing_hours: inHours(lengthsMs.reduce((sum, length) => sum + length, 0)),
    longest_hole_s: lengthsMs.reduce((longest, length) => Math.max(longest, length), 0) / 1000,
    last_footage_age_s: lastAgeMs === null ? null : lastAgeMs / 1000,
    unread_files: report.unreadFiles,
    timezone: zone,
    first_at_local: first && formatLocal(first.getTime(), zone),
    last_at_local: last && formatLocal(last.getTime(), zone),
  };
}

/** Columns of `hs coverage --holes`. */
export const HOLE_COLUMNS = ['camera_id', 'from', 'to', 'seconds', 'cause', 'timezone', 'from_local', 'to_local'] as const;

export const HOLE_LIST_COLUMNS = HOLE_COLUMNS.slice(0, 5);

export type HoleRecord = Readonly<Record<(typeof HOLE_COLUMNS)[number], ExportValue>>;

export function toHoleRecords({ cameraId, zone, holes }: CoverageReport): HoleRecord[] {
  return holes.map(({ startMs, endMs, cause }) => ({
    camera_id: cameraId,
    from: new Date(startMs),
    to: new Date(endMs),
    seconds: (endMs - startMs) / 1000,
    cause,
    timezone: zone,
    from_local: formatLocal(startMs, zone),
    to_local: formatLocal(endMs, zone),
  }));
}
