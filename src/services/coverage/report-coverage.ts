import type { Knex } from 'knex';

import { findNewestFootage } from '../../db/queries/cameras.ts';
import { countUnreadFiles, findTroubledFiles } from '../../db/queries/coverage-files.ts';
import { clockDays, type ClockDay } from '../../domain/coverage/clock-days.ts';
import { coverageDays, type CoverageDay } from '../../domain/coverage/coverage-days.ts';
import { coverageHoles, MIN_HOLE_MS, type CoverageHole } from '../../domain/coverage/coverage-holes.ts';
import { coveredHours } from '../../domain/coverage/covered-hours.ts';
import { clipIntervals, type Interval } from '../../domain/coverage/interval.ts';
import { HOUR_MS } from '../../domain/coverage/local-hours.ts';
import type { RecordingMode } from '../../domain/enums.ts';
import { findBaselineCameras, type BaselineCamera } from '../baselines/baseline-camera.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveAsOf } from '../lists/resolve-as-of.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { loadCoverage, toFootageFile } from './load-coverage.ts';
import { recordingModeOf } from './recording-mode-of.ts';

export type CoverageOptions = {
  scope: ListScope;
  /** What the age of the last footage is counted to; the newest footage of all cameras unless given. */
  asOf?: string | undefined;
  /** Shorter pauses are no holes; by the recording mode unless given. */
  minGapMs?: number | undefined;
  /** The days hour by hour, too. */
  byClock?: boolean | undefined;
  zones: ZoneSettings;
};

/** The footage of one camera, within a span where one is asked for. */
export type CoverageReport = {
  cameraId: string;
  zone: string;
  recording: RecordingMode | null;
  first: Date | null;
  last: Date | null;
  footageMs: number;
  /** Hours that count for baselines. */
  coveredHours: number;
  holes: CoverageHole[];
  days: CoverageDay[];
  /** By date; only where it was asked for. */
  clock: ReadonlyMap<string, ClockDay>;
  lastAgeMs: number | null;
  unreadFiles: number;
};

/** Camera after camera. A wrong camera or time is a usage error, told before the first of them. */
export async function reportCoverage(knex: Knex, options: CoverageOptions): Promise<AsyncIterable<CoverageReport>> {
  const { since, until } = await resolveScope(knex, options.scope, options.zones);
  const cameras = await findBaselineCameras(knex, options.zones, options.scope.cameras);
  const newest = await findNewestFootage(knex);
  const asOf = resolveAsOf(options.asOf, { zone: options.zones.timezone ?? 'UTC', newest });
  const span = { startMs: since?.getTime() ?? -Infinity, endMs: until?.getTime() ?? Infinity };
  const unread = await countUnreadFiles(knex);
  const { minGapMs, byClock = false } = options;
  return reports(knex, cameras, { span, asOfMs: asOf?.getTime(), minGapMs, byClock, unread });
}

type Resolved = {
  span: Interval;
  asOfMs: number | undefined;
  minGapMs: number | undefined;
  byClock: boolean;
  unread: ReadonlyMap<string, number>;
};

async function* reports(knex: Knex, cameras: readonly BaselineCamera[], options: Resolved): AsyncGenerator<CoverageReport> {
  for (const camera of cameras) yield await reportCamera(knex, camera, options);
}

async function reportCamera(knex: Knex, { id, zone, recording: set }: BaselineCamera, options: Resolved): Promise<CoverageReport> {
  const all = await loadCoverage(knex, id);
  const recording = set ?? recordingModeOf(all, zone);
  const mode = recording ?? 'triggered';
  const troubled = (await findTroubledFiles(knex, id)).map(toFootageFile);
  const coverage = clipIntervals(all, options.span);
  const holes = clipIntervals(coverageHoles(all, troubled, options.minGapMs ?? MIN_HOLE_MS[mode]), options.span);
  const last = coverage.at(-1);
  return {
    cameraId: id,
    zone,
    recording,
    first: toDate(coverage[0]?.startMs),
    last: toDate(last?.endMs),
    footageMs: coverage.reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0),
    coveredHours: countCovered(coveredHours({ coverage: all, zone, mode }, options.span)),
    holes,
    days: coverageDays(coverage, zone),
    clock: options.byClock ? clockDays(coverage, holes, zone) : new Map(),
    lastAgeMs: last === undefined || options.asOfMs === undefined ? null : Math.max(0, options.asOfMs - last.endMs),
    unreadFiles: options.unread.get(id) ?? 0,
  };
}

function countCovered(hours: Iterable<{ exposure: number }>): number {
  let count = 0;
  for (const { exposure } of hours) if (exposure > 0) count += 1;
  return count;
}

function toDate(ms: number | undefined): Date | null {
  return ms === undefined ? null : new Date(ms);
}

/** Hours with two decimals. */
export function inHours(ms: number): number {
  return Math.round((ms / HOUR_MS) * 100) / 100;
}
