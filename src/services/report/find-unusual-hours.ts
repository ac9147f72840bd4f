import type { Knex } from 'knex';

import { findActivityHours, type StoredActivityHour } from '../../db/models/activity-hours.ts';
import { anomaly, anomalyLevel, isUnusuallyQuiet } from '../../domain/baselines/anomaly.ts';
import { eventAnomaly, type EventAnomaly } from '../../domain/baselines/event-anomaly.ts';
import { HOUR_MS } from '../../domain/coverage/local-hours.ts';
import { formatLocal } from '../../domain/time/local-time.ts';
import type { Listed, ReportCamera, UnusualHour } from '../../exporters/report/report-data.ts';
import { groupBy } from '../../lib/group-by.ts';
import { WINDOW_MS } from '../baselines/window.ts';
import type { ReportSpan } from './report-span.ts';

const MOST_HOURS = 100;
const MOTION = 'motion';

/** Hours with more or fewer objects than their camera had at that hour in the 30 days before (§8.4). */
export async function findUnusualHours(snapshot: Knex, span: ReportSpan, cameras: readonly ReportCamera[]): Promise<Listed<UnusualHour>> {
  const found: UnusualHour[] = [];
  for (const camera of cameras) found.push(...(await unusualHoursOf(snapshot, span, camera)));
  found.sort((a, b) => a.started_at.getTime() - b.started_at.getTime());
  return { total: found.length, items: found.slice(0, MOST_HOURS) };
}

async function unusualHoursOf(snapshot: Knex, { since, until }: ReportSpan, camera: ReportCamera): Promise<UnusualHour[]> {
  const from = new Date(since.getTime() - WINDOW_MS);
  const known = await findActivityHours(snapshot, { cameraId: camera.camera_id, from, until });
  const sameHour = groupBy(known, ({ hour }) => hour);
  const beyondMotionMs = known.filter(isBeyondMotion).map(({ startMs }) => startMs);
  return known
    .filter(({ startMs }) => startMs >= since.getTime())
    .flatMap((hour) => {
      const judged = judge(hour, sameHour.get(hour.hour) ?? [], beyondMotionMs);
      return (judged && findingOf(hour, judged, camera)) ?? [];
    });
}

/** Motion counts for a camera of which nothing else is known. */
function judge(hour: StoredActivityHour, history: readonly StoredActivityHour[], beyondMotionMs: readonly number[]): EventAnomaly | null {
  const { startMs, counts } = hour;
  const countsMotion = !beyondMotionMs.some((ms) => ms >= startMs - WINDOW_MS && ms <= startMs);
  const labels = Object.keys(counts).filter((label) => countsMotion || label !== MOTION);
  return eventAnomaly({ hour, counts, labels, countsMotion }, history);
}

function isBeyondMotion({ counts }: StoredActivityHour): boolean {
  return Object.keys(counts).some((label) => label !== MOTION);
}

/** Quiet is told of complete hours of a camera that records all the time only: any other may have missed something. */
function findingOf(hour: StoredActivityHour, judged: EventAnomaly, camera: ReportCamera): UnusualHour | undefined {
  const at = {
    camera_id: camera.camera_id,
    started_at: new Date(hour.startMs),
    started_at_local: formatLocal(hour.startMs, camera.timezone),
  };
  const level = anomalyLevel(judged.score);
  if (level === 'unusual' || level === 'very_unusual') return { ...at, kind: 'busy', ...mostUnusual(judged) };
  const { k, a, b } = judged.activity;
  if (camera.recording !== 'continuous' || hour.coveredMs < HOUR_MS || !isUnusuallyQuiet(k, a, b)) return undefined;
  return { ...at, kind: 'quiet', object_type: null, seen: k, usual: a / b, score: 1 - anomaly(k + 1, a, b) };
}

/** All objects together, unless one class stands out more. */
function mostUnusual({ activity, classes }: EventAnomaly): Pick<UnusualHour, 'object_type' | 'seen' | 'usual' | 'score'> {
  const [label, most] = Object.entries(classes).reduce<[string | null, typeof activity]>(
    (best, [name, numbers]) => (numbers.score > best[1].score ? [name, numbers] : best),
    [null, activity],
  );
  return { object_type: label, seen: most.k, usual: most.a / most.b, score: most.score };
}
