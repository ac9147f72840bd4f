import type { Knex } from 'knex';

import type { EntityType, TrustStatus } from '../../domain/enums.ts';
import type { EntityRow } from '../models/entities.ts';
import { orderList, type ListSort } from './list-order.ts';
import { streamRows } from './stream-rows.ts';

/** What a list of entities is narrowed to; the half-open time span is that of the last sighting. */
export type EntityListFilter = {
  ids?: readonly string[] | undefined;
  types?: readonly EntityType[] | undefined;
  trust?: readonly TrustStatus[] | undefined;
  minSightings?: number | undefined;
  since?: Date | undefined;
  until?: Date | undefined;
  cameraIds?: readonly string[] | undefined;
};

/** `sightings` are tracks; `uncertain` those of them that another entity nearly got. */
export type EntityListRow = EntityRow & { sightings: number; uncertain: number; cameras: string[] };

export const ENTITY_SORT_COLUMNS = {
  id: 'e.id',
  entity_type: 'e.entity_type',
  trust_status: 'e.trust_status',
  detection_count: 'e.detection_count',
  first_seen_at: 'e.first_seen_at',
  last_seen_at: 'e.last_seen_at',
  sightings: 's.sightings',
} as const;

export type EntitySortField = keyof typeof ENTITY_SORT_COLUMNS;

const NEVER_MISSING = ['id', 'entity_type', 'trust_status', 'detection_count', 'first_seen_at', 'last_seen_at', 'sightings'] as const;

type StreamEntitiesOptions = { filter: EntityListFilter; sort: ListSort<EntitySortField>; limit?: number | undefined };

export function streamEntities(knex: Knex, { filter, sort, limit }: StreamEntitiesOptions): AsyncIterable<EntityListRow> {
  const query = knex('entities as e')
    .joinRaw(
      `CROSS JOIN LATERAL (
         SELECT count(DISTINCT d.track_id) AS sightings, count(DISTINCT d.track_id) FILTER (WHERE r.is_uncertain) AS uncertain,
                coalesce(array_agg(DISTINCT d.camera_id ORDER BY d.camera_id), '{}') AS cameras
           FROM reid_embeddings r JOIN detections d ON d.id = r.detection_id AND d.detected_at = r.detected_at
          WHERE r.entity_id = e.id) s`,
    )
    .select('e.*', 's.sightings', 's.uncertain', 's.cameras')
    .modify(narrowEntities, filter);
  orderList(query, { columns: ENTITY_SORT_COLUMNS, neverMissing: NEVER_MISSING, sort, tieBreaker: 'e.id', limit });
  return streamRows<EntityListRow>(query);
}

function narrowEntities(query: Knex.QueryBuilder, filter: EntityListFilter): void {
  if (filter.ids) void query.whereIn('e.id', [...filter.ids]);
  if (filter.types) void query.whereIn('e.entity_type', [...filter.types]);
  if (filter.trust) void query.whereIn('e.trust_status', [...filter.trust]);
  if (filter.minSightings !== undefined) void query.where('s.sightings', '>=', filter.minSightings);
  if (filter.since) void query.where('e.last_seen_at', '>=', filter.since);
  if (filter.until) void query.where('e.last_seen_at', '<', filter.until);
  if (filter.cameraIds) void query.whereRaw('s.cameras && ?::text[]', [[...filter.cameraIds]]);
}

/** Entities whose id begins so, or that a user named so. */
export async function findEntitiesCalled(knex: Knex, text: string): Promise<{ id: string; name: string | null }[]> {
  const query = knex('entities')
    .whereRaw('entity_metadata @> ?::jsonb', [JSON.stringify({ name: text })])
    .orderBy('id')
    .limit(5)
    .select<{ id: string; name: string | null }[]>('id', knex.raw("entity_metadata ->> 'name' AS name"));
  if (/^[0-9a-f-]{4,36}$/i.test(text)) void query.orWhereRaw('id::text LIKE ?', [`${text.toLowerCase()}%`]);
  return query;
}
