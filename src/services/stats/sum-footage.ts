import type { Knex } from 'knex';

import type { CountOptions, CountScope, CountedBy } from '../../db/queries/stats.ts';
import { coveredHours } from '../../domain/coverage/covered-hours.ts';
import { clipIntervals, type Interval } from '../../domain/coverage/interval.ts';
import { loadCoverage } from '../coverage/load-coverage.ts';

/** Footage that was read, in ms by the keys of `CountedBy`, and from when to when there is some of each camera. */
export type FootageSums = { ms: ReadonlyMap<string, number>; spans: ReadonlyMap<string, Interval> };

/** The same footage as `hs coverage` tells of: what overlaps counts once, short pauses are none. */
export async function sumFootage(knex: Knex, { scope, by }: CountOptions): Promise<FootageSums> {
  const ms = new Map<string, number>();
  const spans = new Map<string, Interval>();
  for (const camera of scope.cameras) {
    const coverage = await coverageWithin(knex, camera.id, scope);
    const [first, last] = [coverage[0], coverage.at(-1)];
    if (first && last) spans.set(camera.id, { startMs: first.startMs, endMs: last.endMs });
    for (const [key, lengthMs] of lengths(coverage, camera, by)) ms.set(key, (ms.get(key) ?? 0) + lengthMs);
  }
  return { ms, spans };
}

async function coverageWithin(knex: Knex, cameraId: string, { since, until }: CountScope): Promise<Interval[]> {
  if (since === undefined && until === undefined) return loadCoverage(knex, cameraId);
  const span = { startMs: since?.getTime() ?? EARLIEST_MS, endMs: until?.getTime() ?? LATEST_MS };
  return clipIntervals(await loadCoverage(knex, cameraId, span), span);
}

/** No footage is older or newer, and both are times that every part of the program can write. */
const EARLIEST_MS = Date.UTC(1900, 0);
const LATEST_MS = Date.UTC(2200, 0);

function* lengths(coverage: readonly Interval[], { id, zone }: CountScope['cameras'][number], by: CountedBy): Generator<[string, number]> {
  if (by === 'day' || by === 'hour' || by === 'week_hour') {
    for (const hour of coveredHours({ coverage, zone, mode: 'continuous' })) yield [keyOfHour(hour, by), hour.coveredMs];
    return;
  }
  const key = by === 'camera' ? id : '';
  for (const { startMs, endMs } of coverage) yield [key, endMs - startMs];
}

function keyOfHour({ date, weekday, hour }: { date: string; weekday: number; hour: number }, by: CountedBy): string {
  if (by === 'day') return date;
  return String(by === 'hour' ? hour : weekday * 24 + hour);
}
