import type { Knex } from 'knex';

import type { CountScope } from '../../db/queries/stats.ts';
import { findBaselineCameras } from '../baselines/baseline-camera.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';

export type StatsOptions = { scope: ListScope; zones: ZoneSettings };

/** Cameras that were named, or all, each with its zone, and the span. Throws a usage error as `resolveScope` does. */
export async function resolveStatsScope(knex: Knex, { scope, zones }: StatsOptions): Promise<CountScope> {
  const { since, until } = await resolveScope(knex, scope, zones);
  const cameras = await findBaselineCameras(knex, zones, scope.cameras);
  return { since, until, cameras, isEveryCamera: scope.cameras === undefined };
}
