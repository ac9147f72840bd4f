import type { Knex } from 'knex';

import {
  countTracksBetween,
  replaceActivityHours,
  type HourCount,
  type NewActivityHour,
  type TouchedHour,
} from '../../db/models/activity-hours.ts';
import type { ActivityHour } from '../../domain/baselines/activity-hours.ts';
import { coveredHours, type CameraFootage } from '../../domain/coverage/covered-hours.ts';
import type { Interval } from '../../domain/coverage/interval.ts';
import { localHourAt, localHours, type LocalHour } from '../../domain/coverage/local-hours.ts';
import { batch } from '../../lib/batch.ts';
import type { BaselineCamera } from './baseline-camera.ts';

/** About 80 days: what is in memory does not grow with the footage. */
const HOURS_AT_ONCE = 2_000;

/** The whole hours that have a part in an interval, as an interval. */
export function wholeHours({ startMs, endMs }: Interval, zone: string): Interval {
  return { startMs: localHourAt(startMs, zone).startMs, endMs: localHourAt(endMs, zone).endMs };
}

/** The part of a span of whole hours that can be computed: of the hour in which pruned footage ends not all of it is left. */
export function unprunedPart(span: Interval, { prunedUntilMs, zone }: Pick<BaselineCamera, 'prunedUntilMs' | 'zone'>): Interval {
  if (prunedUntilMs === undefined) return span;
  const startMs = Math.max(span.startMs, localHourAt(prunedUntilMs, zone).endMs);
  return { startMs, endMs: Math.max(startMs, span.endMs) };
}

/** Computes the hours of a span anew from tracks and coverage, stores what differs and returns it. `span` consists of whole hours. */
export async function refreshHours(
  trx: Knex.Transaction,
  cameraId: string,
  { footage, span }: { footage: CameraFootage; span: Interval },
): Promise<TouchedHour[]> {
  const touched: TouchedHour[] = [];
  for await (const hours of batch(localHours(span.startMs, span.endMs, footage.zone), { count: HOURS_AT_ONCE })) {
    const part = { startMs: hours[0]?.startMs ?? 0, endMs: hours.at(-1)?.endMs ?? 0 };
    const counts = countsByHour(hours, await countTracksBetween(trx, cameraId, [...hours.map(({ startMs }) => startMs), part.endMs]));
    const fresh = [...coveredHours(footage, part)].map((hour): ActivityHour => ({ ...hour, counts: counts.get(hour.startMs) ?? {} }));
    const limits = { cameraId, from: new Date(part.startMs), until: new Date(part.endMs) };
    touched.push(...(await replaceActivityHours(trx, limits, fresh.filter(hasSomething).map(toNewHour))));
  }
  return touched;
}

/** By the begin of the hour. A class may be called like a member of every object: entries keep such names apart. */
function countsByHour(hours: readonly LocalHour[], found: readonly HourCount[]): Map<number, Record<string, number>> {
  const entries = hours.map((): [string, number][] => []);
  for (const { place, label, count } of found) entries[place - 1]?.push([label, count]);
  return new Map(hours.map(({ startMs }, index) => [startMs, Object.fromEntries(entries[index] ?? [])]));
}

function hasSomething({ coveredMs, exposure, counts }: ActivityHour): boolean {
  return coveredMs > 0 || exposure > 0 || Object.keys(counts).length > 0;
}

function toNewHour({ date, hour, fold, startMs, coveredMs, exposure, counts }: ActivityHour): NewActivityHour {
  return { date, hour, fold, startMs, coveredMs, exposure, counts };
}
