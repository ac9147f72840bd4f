import type { Knex } from 'knex';

import { findFootageEnds, type CameraLimit } from '../../db/queries/retention/limits.ts';
import { readDatabaseClock } from '../../db/database-clock.ts';
import { parseAge } from './parse-age.ts';
import { expiryOf, keepTimeOf, type RetentionKind, type RetentionSettings } from './retention-kinds.ts';

export type TimedKind = Exclude<RetentionKind, 'footage' | 'activity_hours'>;

/** Up to when what there is counts as over age. Kinds that never do, and kinds that were not asked for, have no limit. */
export type Limits = {
  footage: CameraLimit[];
  /** Of files on the disk, whatever kinds were asked for. */
  originals: CameraLimit[];
  activityHours: CameraLimit[];
  timed: ReadonlyMap<TimedKind, Date>;
};

export type LimitOptions = {
  settings: RetentionSettings;
  /** Instead of the keep time of footage: an age or a day. */
  olderThan?: string | undefined;
  /** None: all. */
  kinds: readonly RetentionKind[];
};

/** Scores of events, also of the oldest one that is kept, look so far back. */
const LOOK_BACK_MS = 30 * 86_400_000;

const TIMED_KINDS = ['gpu_stats', 'jobs', 'logs', 'audit_logs'] as const satisfies TimedKind[];

/**
 * Footage ages by the newest footage of its camera, so that a camera that stopped recording keeps what it has; all else by the wall clock.
 * Throws UsageError for what is no age.
 */
export async function findLimits(knex: Knex, { settings, olderThan, kinds }: LimitOptions): Promise<Limits> {
  const isWanted = (kind: RetentionKind): boolean => kinds.length === 0 || kinds.includes(kind);
  if (olderThan !== undefined) parseAge(olderThan);
  const limits: Limits = { footage: [], originals: [], activityHours: [], timed: new Map() };
  for (const [cameraId, end] of await findFootageEnds(knex)) {
    const before = expiryOf(olderThan ?? settings.footage, end);
    if (before === undefined) continue;
    limits.originals.push({ cameraId, before });
    if (isWanted('footage')) limits.footage.push({ cameraId, before });
    const hours = expiryOf(settings.activityHours, end);
    if (!isWanted('activity_hours') || hours === undefined) continue;
    limits.activityHours.push({ cameraId, before: new Date(Math.min(hours.getTime(), before.getTime() - LOOK_BACK_MS)) });
  }
  const now = await readDatabaseClock(knex);
  const timed = TIMED_KINDS.filter(isWanted).flatMap((kind): [TimedKind, Date][] => {
    const before = expiryOf(keepTimeOf(settings, kind), now);
    return before === undefined ? [] : [[kind, before]];
  });
  return { ...limits, timed: new Map(timed) };
}
