import type { EntityType } from '../enums.ts';
import { DEFAULT_SIMILARITY_THRESHOLD, MIN_CROP_HEIGHT_PX, reaches, similarityOf, toUnit } from './appearance.ts';
import type { Appearance } from './appearance.ts';

/** A track to be recognised. `cropHeightPx`: of the highest crop behind its appearance. */
export type Sighting = Appearance & { type: EntityType; atMs: number; cropHeightPx: number };

/** An entity as assignment sees it. `sightings`: how many tracks its vector was made of. */
export type KnownEntity = Appearance & {
  id: string;
  type: EntityType;
  sightings: number;
  firstSeenMs: number;
  lastSeenMs: number;
};

/** `uncertain`: another entity is nearly as much like it; such a sighting does not change the entity's vector. */
export type EntityAssignment = { kind: 'joined'; entityId: string; similarity: number; uncertain: boolean } | { kind: 'new' };

const DAY_MS = 86_400_000;
/** People change their clothes, vehicles keep their looks. What else is carried or runs about is taken like people. */
const RECENT_MS: Readonly<Record<EntityType, number>> = {
  person: DAY_MS,
  vehicle: 30 * DAY_MS,
  animal: DAY_MS,
  package: DAY_MS,
  other: DAY_MS,
};
const MIN_LEAD = 0.02;
/** From here on the vector follows a new look, however often the entity was seen. */
const MAX_WEIGHT = 20;

/** The entity a sighting belongs to, among those of its type and model last seen not too long before or after. Equals go to the lower id. */
export function assignEntity(
  sighting: Sighting,
  entities: Iterable<KnownEntity>,
  threshold: number = DEFAULT_SIMILARITY_THRESHOLD,
): EntityAssignment {
  const candidates: { id: string; similarity: number }[] = [];
  for (const entity of entities) {
    const similarity = isCandidate(entity, sighting) ? similarityOf(sighting, entity) : null;
    if (similarity !== null) candidates.push({ id: entity.id, similarity });
  }
  const [best, second] = candidates.sort((a, b) => b.similarity - a.similarity || (a.id < b.id ? -1 : 1));
  if (!best || !reaches(best.similarity, threshold)) return { kind: 'new' };
  const lead = best.similarity - (second?.similarity ?? -Infinity);
  return { kind: 'joined', entityId: best.id, similarity: best.similarity, uncertain: !reaches(lead, MIN_LEAD) };
}

/** How long before or after a sighting an entity may have been seen last to be taken for it. */
export function recencyMs(type: EntityType): number {
  return RECENT_MS[type];
}

function isCandidate({ type, lastSeenMs }: KnownEntity, sighting: Sighting): boolean {
  return type === sighting.type && Math.abs(sighting.atMs - lastSeenMs) <= recencyMs(type);
}

/** An entity of one sighting. */
export function entityOfSighting(id: string, { type, modelId, vector, atMs }: Sighting): KnownEntity {
  return { id, type, modelId, vector: toUnit(vector), sightings: 1, firstSeenMs: atMs, lastSeenMs: atMs };
}

/** The entity after a sighting joined it. Times of the first and the last one never move inwards. */
export function joinSighting(entity: KnownEntity, sighting: Sighting, uncertain: boolean): KnownEntity {
  const seen = {
    ...entity,
    firstSeenMs: Math.min(entity.firstSeenMs, sighting.atMs),
    lastSeenMs: Math.max(entity.lastSeenMs, sighting.atMs),
  };
  if (uncertain || sighting.cropHeightPx < MIN_CROP_HEIGHT_PX) return seen;
  return { ...seen, sightings: entity.sightings + 1, vector: moveVector(entity, sighting.vector) };
}

/** v ← unit((n·v + x) / (n + 1)), where n is the number of sightings so far, at most 20. */
export function moveVector({ vector, sightings }: Pick<KnownEntity, 'vector' | 'sightings'>, towards: ArrayLike<number>): number[] {
  const weight = Math.min(sightings, MAX_WEIGHT);
  const unit = toUnit(towards);
  return toUnit(Array.from(vector, (value, i) => (weight * value + (unit[i] ?? 0)) / (weight + 1)));
}
