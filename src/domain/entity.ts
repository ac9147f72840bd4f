import { TRUST_STATUSES, type EntityType, type TrustStatus } from './enums.ts';

/** Appearance vector of an entity, as stored. Vectors of different models are never compared. */
export type EntityEmbedding = { vector: number[]; model: string; dimension: number };

/** When an entity was seen, in footage time, and how often. Names as stored. */
export type EntitySightings = { first_seen_at: Date; last_seen_at: Date; detection_count: number };

export type EntityMetadata = Record<string, unknown>;

/** An entity to store. Without times it is seen now, by the clock of the database. */
export type NewEntity = {
  entity_type: EntityType;
  trust_status: TrustStatus;
  detection_count: number;
  first_seen_at?: Date;
  last_seen_at?: Date;
  embedding_vector: EntityEmbedding | null;
  entity_metadata: EntityMetadata | null;
  primary_detection_id: number | null;
};

type Trusting = { trust_status: string };
type Embedded = { embedding_vector: unknown };

/** Text that is no trust status counts as unknown. */
export function getTrustStatus(entity: Trusting): TrustStatus {
  return TRUST_STATUSES.find((status) => status === entity.trust_status) ?? 'unknown';
}

export function isTrusted(entity: Trusting): boolean {
  return entity.trust_status === 'trusted';
}

export function isUntrusted(entity: Trusting): boolean {
  return entity.trust_status === 'untrusted';
}

/** One more sighting. Footage arrives out of order: the first sighting only moves back, the last only forward. */
export function updateSeen(entity: EntitySightings, at: Date): EntitySightings {
  return {
    first_seen_at: at < entity.first_seen_at ? at : entity.first_seen_at,
    last_seen_at: at > entity.last_seen_at ? at : entity.last_seen_at,
    detection_count: entity.detection_count + 1,
  };
}

/** The embedding column with a new vector. A RangeError when it is empty or holds a number that is not finite. */
export function setEmbedding(vector: ArrayLike<number>, model = 'clip'): { embedding_vector: EntityEmbedding } {
  const numbers = Array.from(vector);
  if (numbers.length === 0) throw new RangeError('an embedding needs at least one number');
  if (!numbers.every(Number.isFinite)) throw new RangeError('an embedding holds finite numbers only');
  return { embedding_vector: { vector: numbers, model, dimension: numbers.length } };
}

/** Null when there is none, or when what is stored is not a list of finite numbers. */
export function getEmbeddingVector(entity: Embedded): number[] | null {
  const vector = partOf(entity.embedding_vector, 'vector');
  return Array.isArray(vector) && vector.every(Number.isFinite) ? (vector as number[]) : null;
}

export function getEmbeddingModel(entity: Embedded): string | null {
  const model = partOf(entity.embedding_vector, 'model');
  return typeof model === 'string' ? model : null;
}

function partOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

export type EntityOrigin = {
  type: EntityType;
  detectionId?: number;
  embedding?: ArrayLike<number>;
  model?: string;
  metadata?: EntityMetadata;
  trust?: TrustStatus;
  /** Footage time of the detection. */
  at?: Date;
};

/** A new entity, seen once. Does not look whether the detection exists: validatePrimaryDetection does. */
export function entityFromDetection(origin: EntityOrigin): NewEntity {
  const { type, trust = 'unknown', embedding, model, at } = origin;
  return {
    entity_type: type,
    trust_status: trust,
    detection_count: 1,
    ...(at === undefined ? {} : { first_seen_at: at, last_seen_at: at }),
    ...(embedding === undefined ? { embedding_vector: null } : setEmbedding(embedding, model)),
    entity_metadata: origin.metadata ?? null,
    primary_detection_id: origin.detectionId ?? null,
  };
}
