import type { Knex } from 'knex';

import { listCameraNames } from '../../db/queries/cameras.ts';
import {
  ENTITY_SORT_COLUMNS,
  streamEntities,
  type EntityListFilter,
  type EntityListRow,
  type EntitySortField,
} from '../../db/queries/entities.ts';
import type { ListSort } from '../../db/queries/list-order.ts';
import { streamSightings } from '../../db/queries/sightings.ts';
import { cameraZone, type ZoneSettings } from '../cameras/camera-zone.ts';
import { mapRows } from '../lists/map-rows.ts';
import { resolveScope, type ListScope } from '../lists/resolve-scope.ts';
import { toEntityRecord, type EntityRecord } from './entity-record.ts';
import { getEntity } from './get-entity.ts';

/** What `--sort` takes. */
export const ENTITY_SORT_FIELDS = Object.keys(ENTITY_SORT_COLUMNS) as EntitySortField[];

export type ListEntitiesOptions = {
  /** Footage of the last sighting. */
  scope: ListScope;
  filter: Pick<EntityListFilter, 'types' | 'trust' | 'minSightings'>;
  sort: ListSort<EntitySortField>;
  limit: number;
  zones: ZoneSettings;
};

/** Who was recognised again, still to come; a wrong camera or time is told before the first of them. */
export async function listEntities(knex: Knex, options: ListEntitiesOptions): Promise<AsyncIterable<EntityRecord>> {
  const { sort, limit, zones } = options;
  const filter = { ...options.filter, ...(await resolveScope(knex, options.scope, zones)) };
  const zoneOf = await zonesOf(knex, zones);
  return mapRows(streamEntities(knex, { filter, sort, limit }), (row) => toEntityRecord(row, zoneOf));
}

export type EntitySighting = {
  track_id: number;
  camera_id: string;
  first_seen_at: Date;
  last_seen_at: Date;
  detections: number;
  similarity: number | null;
  uncertain: boolean;
  manual: boolean;
};

export type EntityDetails = EntityRecord & { sighting_list: EntitySighting[] };

/** An entity with the tracks it was seen in, in the order of footage. Throws a usage error when there is none. */
export async function showEntity(knex: Knex, text: string, zones: ZoneSettings): Promise<EntityDetails> {
  const { id } = await getEntity(knex, text);
  const rows: EntityListRow[] = [];
  const sort = { field: 'id', descending: false } as const;
  for await (const row of streamEntities(knex, { filter: { ids: [id] }, sort })) rows.push(row);
  const [row] = rows;
  if (row === undefined) throw new Error(`entity ${id} went away`);
  const sightings: EntitySighting[] = [];
  for await (const sighting of streamSightings(knex, { entityIds: [id] })) {
    sightings.push({
      track_id: sighting.track_id,
      camera_id: sighting.camera_id,
      first_seen_at: sighting.first_seen,
      last_seen_at: sighting.last_seen,
      detections: sighting.crops.length,
      similarity: sighting.similarity,
      uncertain: sighting.is_uncertain,
      manual: sighting.crops.some(({ is_manual }) => is_manual),
    });
  }
  return { ...toEntityRecord(row, await zonesOf(knex, zones)), sighting_list: sightings };
}

/** The zone that all of some cameras live in; where there are several, or none, the configured one. */
async function zonesOf(knex: Knex, settings: ZoneSettings): Promise<(cameraIds: readonly string[]) => string> {
  const zoneOfCamera = new Map(
    (await listCameraNames(knex)).map(({ id, timezone, property_timezone }) => [
      id,
      cameraZone({ camera_id: id, camera_timezone: timezone, property_timezone }, settings),
    ]),
  );
  return (cameraIds) => {
    const zones = new Set(cameraIds.map((id) => zoneOfCamera.get(id)));
    const [only] = zones;
    return (zones.size === 1 ? only : undefined) ?? settings.timezone ?? 'UTC';
  };
}
