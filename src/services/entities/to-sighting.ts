import type { EntityRow, FoundEntity } from '../../db/models/entities.ts';
import type { StoredSighting } from '../../db/queries/sightings.ts';
import { getEmbeddingModel, getEmbeddingVector, setEmbedding, type EntityEmbedding } from '../../domain/entity.ts';
import type { EntityType } from '../../domain/enums.ts';
import { trackAppearance } from '../../domain/household/appearance.ts';
import type { KnownEntity, Sighting } from '../../domain/household/assign-entity.ts';

/** A stored sighting as recognising sees it; null when none of its crops is high enough. */
export function toSighting(stored: StoredSighting, modelId: string): Sighting | null {
  const crops = stored.crops.map(({ vector, bbox_height, quality }) => ({ modelId, vector, heightPx: bbox_height, quality }));
  const appearance = trackAppearance(crops);
  if (!appearance) return null;
  const cropHeightPx = Math.max(...crops.map(({ heightPx }) => heightPx));
  return { ...appearance, type: typeOfGroup(stored.class_group), atMs: stored.first_seen.getTime(), cropHeightPx };
}

/** Groups of classes with an entity type of their own; others are never recognised again. */
function typeOfGroup(group: string): EntityType {
  return group === 'person' || group === 'vehicle' || group === 'animal' ? group : 'other';
}

/** A stored entity as recognising sees it; null when it has no vector of this model. */
export function toKnownEntity(row: EntityRow, modelId: string): KnownEntity | null {
  const vector = getEmbeddingVector(row);
  if (vector === null || getEmbeddingModel(row) !== modelId) return null;
  return {
    id: row.id,
    type: row.entity_type,
    modelId,
    vector,
    sightings: sightingsOf(row),
    firstSeenMs: row.first_seen_at.getTime(),
    lastSeenMs: row.last_seen_at.getTime(),
  };
}

function sightingsOf({ entity_metadata: metadata }: EntityRow): number {
  const count = metadata?.['sightings'];
  return typeof count === 'number' && count >= 1 ? count : 1;
}

const DECIMALS = 1e6;

/** A vector as entities keep it: more decimals say nothing. */
function toStoredEmbedding({ vector, modelId }: Pick<KnownEntity, 'vector' | 'modelId'>): EntityEmbedding {
  const rounded = Array.from(vector, (value) => Math.round(value * DECIMALS) / DECIMALS);
  return setEmbedding(rounded, modelId).embedding_vector;
}

/** An entity as it is stored. */
export function toFound(entity: KnownEntity): FoundEntity {
  return {
    id: entity.id,
    entity_type: entity.type,
    first_seen_at: new Date(entity.firstSeenMs),
    last_seen_at: new Date(entity.lastSeenMs),
    embedding: toStoredEmbedding(entity),
    sightings: entity.sightings,
  };
}
