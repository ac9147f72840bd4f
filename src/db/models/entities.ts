import type { Knex } from 'knex';

import type { EntityEmbedding, EntityMetadata, EntitySightings, NewEntity } from '../../domain/entity.ts';
import type { EntityType, TrustStatus } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';

/** One row of `entities`, as stored. */
export type EntityRow = EntitySightings & {
  id: string;
  entity_type: EntityType;
  trust_status: TrustStatus;
  embedding_vector: EntityEmbedding | null;
  entity_metadata: EntityMetadata | null;
  /** No foreign key: see entity-primary-detection.ts. */
  primary_detection_id: number | null;
};

/** The primary detection is set by setPrimaryDetectionValidated alone. */
export type EntityPatch = Partial<Omit<EntityRow, 'id' | 'primary_detection_id'>>;

export type EntityFilters = {
  types?: readonly EntityType[];
  trust?: readonly TrustStatus[];
  minDetections?: number;
  /** Footage time of the last sighting, included. */
  since?: Date;
  /** Footage time of the last sighting, included. */
  until?: Date;
};

export async function insertEntity(knex: Knex, entity: NewEntity): Promise<EntityRow> {
  const [row] = await knex('entities')
    .insert({ id: uuidV7(), ...toColumns(entity) })
    .returning<EntityRow[]>('*');
  if (row === undefined) throw new Error('the entity was not inserted');
  return row;
}

export async function findEntity(knex: Knex, id: string): Promise<EntityRow | undefined> {
  return knex<EntityRow>('entities').where({ id }).first();
}

/** The one seen last comes first. */
export async function listEntities(knex: Knex, options: { filters?: EntityFilters; limit?: number } = {}): Promise<EntityRow[]> {
  const { types, trust, minDetections, since, until } = options.filters ?? {};
  const query = knex<EntityRow>('entities').select('*').orderBy('last_seen_at', 'desc').orderBy('id');
  if (types !== undefined) void query.whereIn('entity_type', [...types]);
  if (trust !== undefined) void query.whereIn('trust_status', [...trust]);
  if (minDetections !== undefined) void query.where('detection_count', '>=', minDetections);
  if (since !== undefined) void query.where('last_seen_at', '>=', since);
  if (until !== undefined) void query.where('last_seen_at', '<=', until);
  return options.limit === undefined ? query : query.limit(options.limit);
}

/** The changed row, or undefined when there is no such entity. */
export async function updateEntity(knex: Knex, id: string, patch: EntityPatch): Promise<EntityRow | undefined> {
  if (Object.keys(patch).length === 0) return findEntity(knex, id);
  const [row] = await knex('entities').where({ id }).update(toColumns(patch)).returning<EntityRow[]>('*');
  return row;
}

/** What updateSeen of domain/entity.ts does, in one statement: sightings that two processes find at once all count. */
export async function recordSighting(knex: Knex, id: string, at: Date): Promise<EntityRow | undefined> {
  const [row] = await knex('entities')
    .where({ id })
    .update({
      first_seen_at: knex.raw('least(first_seen_at, ?)', [at]),
      last_seen_at: knex.raw('greatest(last_seen_at, ?)', [at]),
      detection_count: knex.raw('detection_count + 1'),
    })
    .returning<EntityRow[]>('*');
  return row;
}

/**
 * Makes two entities one: `into` takes the sightings of `from`, which is deleted; type, trust, vector and metadata of `into`
 * stay. Undefined, and nothing changed, unless both exist and differ.
 */
export async function mergeEntities(trx: Knex.Transaction, ids: { from: string; into: string }): Promise<EntityRow | undefined> {
  const { from, into } = ids;
  const rows = await trx<EntityRow>('entities').whereIn('id', [from, into]).orderBy('id').forUpdate();
  const absorbed = rows.find((row) => row.id === from);
  if (absorbed === undefined || rows.length < 2) return undefined;
  await trx('reid_embeddings').where({ entity_id: from }).update({ entity_id: into });
  await deleteEntity(trx, from);
  const [merged] = await trx('entities')
    .where({ id: into })
    .update({
      first_seen_at: trx.raw('least(first_seen_at, ?)', [absorbed.first_seen_at]),
      last_seen_at: trx.raw('greatest(last_seen_at, ?)', [absorbed.last_seen_at]),
      detection_count: trx.raw('detection_count + ?', [absorbed.detection_count]),
      primary_detection_id: trx.raw('coalesce(primary_detection_id, ?)', [absorbed.primary_detection_id]),
    })
    .returning<EntityRow[]>('*');
  return merged;
}

/** Its sightings stay and belong to nobody. Returns whether there was such an entity. */
export async function deleteEntity(knex: Knex, id: string): Promise<boolean> {
  return (await knex('entities').where({ id }).delete()) > 0;
}

function toColumns(entity: Partial<NewEntity>): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...entity };
  for (const name of ['embedding_vector', 'entity_metadata'] as const) {
    if (entity[name] !== undefined && entity[name] !== null) columns[name] = JSON.stringify(entity[name]);
  }
  return columns;
}

/** What recognising found an entity to be. Name, trust and whatever else is noted of it stay. */
export type FoundEntity = Pick<EntityRow, 'id' | 'entity_type' | 'first_seen_at' | 'last_seen_at'> & {
  embedding: EntityEmbedding;
  /** Tracks that its vector was made of. */
  sightings: number;
};

const ENTITIES_AT_ONCE = 200;

/** Adds entities, or changes the look of those that are there. */
export async function saveFoundEntities(trx: Knex.Transaction, entities: readonly FoundEntity[]): Promise<void> {
  for (let start = 0; start < entities.length; start += ENTITIES_AT_ONCE) {
    const rows = entities.slice(start, start + ENTITIES_AT_ONCE).map(({ embedding, sightings, ...columns }) => ({
      ...columns,
      embedding_vector: JSON.stringify(embedding),
      entity_metadata: JSON.stringify({ sightings }),
    }));
    await trx('entities')
      .insert(rows)
      .onConflict('id')
      .merge({
        embedding_vector: trx.raw('excluded.embedding_vector'),
        entity_metadata: trx.raw("coalesce(entities.entity_metadata, '{}') || excluded.entity_metadata"),
      });
  }
}
