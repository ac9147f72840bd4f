import type { Knex } from 'knex';
import { findNewestFootage, listCameraNames, type CameraNameRow } from '../../db/queries/cameras.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { matchCameras } from './match-names.ts';
import { parseInstant } from './parse-instant.ts';

/** The footage a list is about, as the user gave it. */
export type ListScope = {
  /** ISO 8601, or relative to the newest footage such as `7d`. */
  since?: string | undefined;
  /** The same; a date alone means the end of that day. */
  until?: string | undefined;
  /** Ids or names, `*` and `?` allowed; none means all cameras. */
  cameras?: readonly string[] | undefined;
};

/** The same, resolved: a half-open span of footage time and cameras that exist. */
export type ResolvedScope = { since?: Date; until?: Date; cameraIds?: string[] };

/** Throws a usage error for a camera that does not exist, a time that is none, and a span that ends before it starts. */
export async function resolveScope(knex: Knex, scope: ListScope, settings: ZoneSettings): Promise<ResolvedScope> {
  if (scope.since === undefined && scope.until === undefined && scope.cameras === undefined) return {};
  const cameras = await listCameraNames(knex);
  const cameraIds = scope.cameras && matchCameras(cameras, scope.cameras);
  const chosen = cameraIds === undefined ? cameras : cameras.filter(({ id }) => cameraIds.includes(id));
  const span = resolveSpan(scope, { zone: commonZone(chosen, settings), asOf: await findNewestFootage(knex, cameraIds) });
  return { ...span, ...(cameraIds ? { cameraIds } : {}) };
}

type SpanOptions = {
  /** Of times without an offset. */
  zone: string;
  /** What `7d` counts back from. */
  asOf: Date | undefined;
};

/** Throws a usage error for a time that is none and a span that ends before it starts. */
export function resolveSpan(scope: Pick<ListScope, 'since' | 'until'>, options: SpanOptions): Pick<ResolvedScope, 'since' | 'until'> {
  const since = scope.since === undefined ? undefined : parseInstant(scope.since, { ...options, name: '--since' });
  const until = scope.until === undefined ? undefined : parseInstant(scope.until, { ...options, name: '--until', endsSpan: true });
  if (since && until && since > until) {
    throw new UsageError(`--since ${since.toISOString()} is later than --until ${until.toISOString()}`);
  }
  return { ...(since ? { since } : {}), ...(until ? { until } : {}) };
}

/** The one zone all these cameras live in, else the configured one. */
export function commonZone(cameras: readonly CameraNameRow[], settings: ZoneSettings): string {
  const zones = new Set(
    cameras.map(({ id, timezone, property_timezone }) =>
      cameraZone({ camera_id: id, camera_timezone: timezone, property_timezone }, settings),
    ),
  );
  const [only] = zones;
  return zones.size === 1 && only !== undefined ? only : (settings.timezone ?? 'UTC');
}
