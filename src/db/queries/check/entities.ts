import type { Knex } from 'knex';

import { finder, repairer } from './broken.ts';

export type ZoneCornersRow = { id: string; coordinates: unknown };

export async function readZoneCorners(knex: Knex): Promise<ZoneCornersRow[]> {
  return knex('zones').select<ZoneCornersRow[]>('id', 'coordinates').orderBy('id');
}

/** One look-up by id per entity, in every month. */
const ORPHANED = `
  SELECT e.id, e.primary_detection_id FROM entities e
    LEFT JOIN LATERAL (SELECT true AS found FROM detections d WHERE d.id = e.primary_detection_id LIMIT 1) d ON true
   WHERE e.primary_detection_id IS NOT NULL AND d.found IS NULL`;

export const findLostPrimaries = finder(`
  SELECT format('entity %s', id) AS place, format('shows detection %s, which does not exist', primary_detection_id) AS text FROM (${ORPHANED}) o`);

export const clearLostPrimaries = repairer(`UPDATE entities e SET primary_detection_id = NULL FROM (${ORPHANED}) o WHERE o.id = e.id`);

const SIGHTED = `
  SELECT e.id, e.detection_count, e.first_seen_at, e.last_seen_at, s.sightings, s.first, s.last
    FROM entities e
    JOIN (SELECT entity_id, count(*) AS sightings, min(detected_at) AS first, max(detected_at) AS last
            FROM reid_embeddings WHERE entity_id IS NOT NULL GROUP BY 1) s ON s.entity_id = e.id
   WHERE e.detection_count < s.sightings OR e.first_seen_at > s.first OR e.last_seen_at < s.last`;

export const findEntitiesBehind = finder(`
  SELECT format('entity %s', id) AS place,
         format('says %s sightings from %s to %s, has %s from %s to %s', detection_count, first_seen_at, last_seen_at, sightings, first, last) AS text
    FROM (${SIGHTED}) s`);

export const bringEntitiesUp = repairer(`
  UPDATE entities e
     SET detection_count = greatest(e.detection_count, s.sightings), first_seen_at = least(e.first_seen_at, s.first),
         last_seen_at = greatest(e.last_seen_at, s.last)
    FROM (${SIGHTED}) s WHERE s.id = e.id`);

export type EntityVectorRow = { id: string; embedding_vector: unknown };

export async function* streamEntityVectors(knex: Knex): AsyncIterable<EntityVectorRow> {
  const rows = knex('entities').select('id', 'embedding_vector').whereNotNull('embedding_vector').orderBy('id').stream({ batchSize: 200 });
  for await (const row of rows as AsyncIterable<unknown>) yield row as EntityVectorRow;
}

/** Sightings by the hundred thousand; the others are few. */
const REFERENCE_VECTORS = `
  SELECT 'person embedding' AS what, id, embedding, dimension, model_id FROM person_embeddings
  UNION ALL
  SELECT 'vehicle', id, reid_embedding, octet_length(reid_embedding) / 4, reid_model_id FROM registered_vehicles WHERE reid_embedding IS NOT NULL`;
const ALL_VECTORS = `
  ${REFERENCE_VECTORS}
  UNION ALL
  SELECT 'reid embedding', id, embedding, dimension, model_id FROM reid_embeddings`;

const brokenVectors = (vectors: string): string => `
  SELECT format('%s %s', what, id) AS place, format('holds %s bytes for %s numbers', octet_length(embedding), dimension) AS text
    FROM (${vectors}) v WHERE octet_length(embedding) = 0 OR octet_length(embedding) <> 4 * dimension
  UNION ALL
  SELECT format('model %s', model_id), format('has vectors of %s dimensions: %s', count(DISTINCT dimension), string_agg(DISTINCT dimension::text, ', '))
    FROM (${vectors}) v GROUP BY model_id HAVING count(DISTINCT dimension) > 1`;

export const findBrokenReferenceVectors = finder(brokenVectors(REFERENCE_VECTORS));
export const findBrokenVectors = finder(brokenVectors(ALL_VECTORS));

const HASH = `encode(sha256(embedding), 'hex')`;

export const findWrongHashes = finder(`
  SELECT format('reid embedding %s', id) AS place, format('has the hash %s, its bytes give %s', coalesce(embedding_hash, 'none'), ${HASH}) AS text
    FROM reid_embeddings WHERE embedding_hash IS DISTINCT FROM ${HASH}`);

export const rehash = repairer(`UPDATE reid_embeddings SET embedding_hash = ${HASH} WHERE embedding_hash IS DISTINCT FROM ${HASH}`);
