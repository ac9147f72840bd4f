import type { Knex } from 'knex';
import { listZones, type ZoneRow } from '../../db/models/zones.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { matchesGlob } from '../lists/match-names.ts';
import { noSuchZone } from './get-zone.ts';

type MatchZonesOptions = {
  /** Names or ids, `*` and `?` allowed; undefined: no narrowing. */
  patterns: readonly string[] | undefined;
  cameraIds?: readonly string[] | undefined;
};

/**
 * Zones that the patterns name, to narrow a list to what was in them. A pattern that names none of these cameras is an error, and so is
 * one that names only zones that nothing is ever in.
 */
export async function matchZones(knex: Knex, { patterns, cameraIds }: MatchZonesOptions): Promise<ZoneRow[] | undefined> {
  if (patterns === undefined) return undefined;
  const zones = await listZones(knex, cameraIds === undefined ? {} : { cameraIds });
  const named = patterns.map((pattern) => namedBy(zones, pattern));
  return zones.filter((zone) => saysWhere(zone) && named.some((some) => some.includes(zone)));
}

function namedBy(zones: readonly ZoneRow[], pattern: string): ZoneRow[] {
  const found = zones.filter(({ id, name }) => matchesGlob(pattern, id) || matchesGlob(pattern, name));
  if (found.length === 0) throw noSuchZone(zones, pattern);
  if (found.some(saysWhere)) return found;
  const [zone] = found;
  throw new UsageError(`--zone ${JSON.stringify(pattern)}: nothing is ever in a zone that is ${why(zone)}`, {
    code: 'zone_not_used',
    hint: 'name an enabled zone of purpose detect; `hs zones list` shows them',
  });
}

function saysWhere({ enabled, purpose }: ZoneRow): boolean {
  return enabled && purpose === 'detect';
}

function why(zone: ZoneRow | undefined): string {
  return zone?.enabled === false ? 'disabled' : `there for ${zone?.purpose ?? 'nothing'}`;
}
