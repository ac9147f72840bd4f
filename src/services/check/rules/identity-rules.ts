import { collectBroken, type FindBroken } from '../../../db/queries/check/broken.ts';
import {
  bringEntitiesUp,
  clearLostPrimaries,
  findBrokenReferenceVectors,
  findBrokenVectors,
  findEntitiesBehind,
  findLostPrimaries,
  findWrongHashes,
  readZoneCorners,
  rehash,
  streamEntityVectors,
} from '../../../db/queries/check/entities.ts';
import { getEmbeddingModel, getEmbeddingVector } from '../../../domain/entity.ts';
import type { CheckRule } from '../check-rule.ts';

const findOddZones: FindBroken = async (knex, { limit }) => {
  const broken = collectBroken(limit);
  for (const { id, coordinates } of await readZoneCorners(knex)) {
    const odd = Array.isArray(coordinates) ? coordinates.filter((corner) => !isCorner(corner)) : [coordinates];
    if (odd.length > 0) broken.add({ where: `zone ${id}`, text: `has the corner ${JSON.stringify(odd[0])}` });
  }
  return broken;
};

function isCorner(corner: unknown): boolean {
  return Array.isArray(corner) && corner.length === 2 && corner.every((part) => typeof part === 'number' && part >= 0 && part <= 1);
}

const findOddVectors: FindBroken = async (knex, scope) => {
  const broken = collectBroken(scope.limit);
  for await (const entity of streamEntityVectors(knex)) {
    const text = vectorProblem(entity);
    if (text !== undefined) broken.add({ where: `entity ${entity.id}`, text });
  }
  const stored = await (scope.since === '-infinity' ? findBrokenVectors : findBrokenReferenceVectors)(knex, scope);
  return { count: broken.count + stored.count, places: [...broken.places, ...stored.places].slice(0, scope.limit) };
};

function vectorProblem(entity: { embedding_vector: unknown }): string | undefined {
  const vector = getEmbeddingVector(entity);
  if (vector === null || vector.length === 0) return 'its vector is no list of finite numbers';
  if (getEmbeddingModel(entity) === null) return 'its vector names no model';
  const { dimension } = entity.embedding_vector as { dimension?: unknown };
  return dimension === vector.length
    ? undefined
    : `its vector has ${String(vector.length)} numbers, not ${JSON.stringify(dimension ?? null)}`;
}

export const IDENTITY_RULES: readonly CheckRule[] = [
  {
    id: 'Z1',
    severity: 'E',
    title: 'The corners of zones are pairs of numbers from 0 to 1.',
    why: 'They are parts of the picture: others lie outside it, and nothing is ever inside such a zone.',
    find: findOddZones,
  },
  {
    id: 'N1',
    severity: 'E',
    title: 'The detection shown for an entity exists.',
    why: 'No foreign key holds this, on purpose: retention drops whole months.',
    find: findLostPrimaries,
    fix: { does: 'forgets it', run: clearLostPrimaries },
  },
  {
    id: 'N2',
    severity: 'W',
    title: 'An entity was seen at least as often, as early and as late as its sightings say.',
    why: 'Lists show and sort by these numbers without looking at the sightings.',
    effort: 'deep',
    find: findEntitiesBehind,
    fix: { does: 'widens count and times to the sightings', run: bringEntitiesUp },
  },
  {
    id: 'N3',
    severity: 'E',
    title:
      'Every vector is whole, of finite numbers, and all vectors of a model have one dimension. Vectors of sightings are looked at with --deep.',
    why: 'Vectors of different lengths cannot be compared: recognising would fail or lie.',
    find: findOddVectors,
  },
  {
    id: 'N4',
    severity: 'W',
    title: 'The hash of a sighting is that of its vector.',
    why: 'The hash says whether a vector was computed already.',
    effort: 'deep',
    find: findWrongHashes,
    fix: { does: 'hashes the vectors anew', run: rehash },
  },
];
