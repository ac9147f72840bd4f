import type { Knex } from 'knex';

import { insertEntity, mergeEntities as mergeRows, saveFoundEntities, type EntityRow } from '../../db/models/entities.ts';
import { lockEntities, pinSightings, refreshEntityCounts } from '../../db/models/identity-links.ts';
import { matchToEntity } from '../../db/models/reid-embeddings.ts';
import { streamSightings, type StoredSighting } from '../../db/queries/sightings.ts';
import { getEmbeddingModel } from '../../domain/entity.ts';
import { entityOfSighting, joinSighting, type KnownEntity } from '../../domain/household/assign-entity.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { auditEntity } from './change-entities.ts';
import { getEntity } from './get-entity.ts';
import { toFound, toSighting } from './to-sighting.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

export type MergedEntity = { id: string; merged: string[]; detection_count: number };

/** Makes several entities one, which keeps its id, name and trust. Throws a usage error for entities of several types. */
export async function mergeEntities(knex: Knex, options: Act & { from: readonly string[]; into: string }): Promise<MergedEntity> {
  return inTransaction(knex, options, async (trx) => {
    await lockEntities(trx);
    const into = await getEntity(trx, options.into);
    const merged: string[] = [];
    for (const text of options.from) {
      const from = await getEntity(trx, text);
      if (merged.includes(from.id)) continue;
      assertMergeable(from, into);
      await mergeRows(trx, { from: from.id, into: into.id });
      merged.push(from.id);
    }
    await pinSightings(trx, into.id);
    await refreshLook(trx, into);
    await auditEntity(trx, { id: into.id, actor: options.actor, details: { merged } });
    const { detection_count } = await getEntity(trx, into.id);
    return { id: into.id, merged, detection_count };
  });
}

function assertMergeable(from: EntityRow, into: EntityRow): void {
  if (from.id === into.id) throw new UsageError('an entity cannot be merged into itself');
  if (from.entity_type === into.entity_type) return;
  throw new UsageError(`${from.id} is a ${from.entity_type}, ${into.id} a ${into.entity_type}`, { code: 'entity_types_differ' });
}

export type SplitEntity = { id: string; new_id: string; tracks: number[] };

/** Makes some of the tracks of an entity a new one, of unknown trust. Throws a usage error for none, all, and tracks of others. */
export async function splitEntity(knex: Knex, options: Act & { entity: string; trackIds: readonly number[] }): Promise<SplitEntity> {
  return inTransaction(knex, options, async (trx) => {
    await lockEntities(trx);
    const entity = await getEntity(trx, options.entity);
    const sightings = await sightingsOf(trx, entity.id);
    const tracks = [...new Set(options.trackIds)];
    assertSplittable(sightings, tracks);
    const leaving = sightings.filter(({ track_id }) => tracks.includes(track_id));
    const created = await insertEntity(trx, {
      entity_type: entity.entity_type,
      trust_status: 'unknown',
      detection_count: 0,
      embedding_vector: entity.embedding_vector,
      entity_metadata: null,
      primary_detection_id: null,
    });
    await matchToEntity(trx, {
      detectionIds: leaving.flatMap(({ crops }) => crops.map((crop) => crop.detection_id)),
      entityId: created.id,
    });
    for (const part of [entity, created]) {
      await pinSightings(trx, part.id);
      await refreshLook(trx, part);
    }
    await auditEntity(trx, { id: entity.id, actor: options.actor, details: { split: { tracks, new_id: created.id } } });
    return { id: entity.id, new_id: created.id, tracks };
  });
}

function assertSplittable(sightings: readonly StoredSighting[], tracks: readonly number[]): void {
  const foreign = tracks.find((id) => !sightings.some(({ track_id }) => track_id === id));
  if (foreign !== undefined) {
    const known = sightings.map(({ track_id }) => String(track_id)).join(', ');
    throw new UsageError(`track ${String(foreign)} is not one of the entity`, { code: 'not_found', hint: `its tracks are ${known}` });
  }
  if (tracks.length === sightings.length) throw new UsageError('these are all tracks of the entity: nothing would be left of it');
}

async function sightingsOf(trx: Knex.Transaction, entityId: string): Promise<StoredSighting[]> {
  const sightings: StoredSighting[] = [];
  for await (const sighting of streamSightings(trx, { entityIds: [entityId] })) sightings.push(sighting);
  return sightings;
}

/** Vector and counts of an entity, as if its sightings had come one after the other. */
async function refreshLook(trx: Knex.Transaction, entity: EntityRow): Promise<void> {
  const modelId = getEmbeddingModel(entity);
  let look: KnownEntity | undefined;
  for await (const stored of streamSightings(trx, { entityIds: [entity.id], ...(modelId === null ? {} : { modelId }) })) {
    const sighting = modelId === null ? null : toSighting(stored, modelId);
    if (sighting) look = look ? joinSighting(look, sighting, false) : entityOfSighting(entity.id, sighting);
  }
  if (look) await saveFoundEntities(trx, [toFound({ ...look, type: entity.entity_type })]);
  await refreshEntityCounts(trx, [entity.id]);
}
