import { createHash } from 'node:crypto';

import type { Knex } from 'knex';

import { decodeVector, encodeVector } from '../../domain/vector.ts';
import type { CameraInterval } from './detections.ts';
import { findResults, listResults, upsertResults, type DetectionKey, type ResultColumns } from './detection-results.ts';

/** One row of `reid_embeddings`, as stored. At most one per detection. */
export type ReidEmbeddingRow = ResultColumns & {
  /** float32 little-endian. */
  embedding: Buffer;
  dimension: number;
  /** Vectors of different models are never compared. */
  model_id: string;
  /** SHA-256 of the bytes, hex. */
  embedding_hash: string | null;
  entity_id: string | null;
  /** Recognised as this household member; then entity_id is null. */
  member_id: number | null;
  /** Cosine to whom it was matched. */
  similarity: number | null;
  /** Another entity looks nearly as much like it. */
  is_uncertain: boolean;
  /** A user said so: recognising again keeps it. */
  is_manual: boolean;
};

/** The same with numbers in place of bytes. */
export type ReidVector = Omit<ReidEmbeddingRow, 'embedding'> & { vector: number[] };

export type NewReidEmbedding = Pick<ReidEmbeddingRow, 'detection_id' | 'detected_at' | 'model_id'> & { vector: ArrayLike<number> };

/** A vector computed again replaces the old one and keeps the entity it was matched to. */
export async function upsertReidEmbeddings(knex: Knex, embeddings: readonly NewReidEmbedding[]): Promise<void> {
  await upsertResults(knex, 'reid_embeddings', embeddings.map(toColumns));
}

export async function findReidVectors(knex: Knex, detections: readonly DetectionKey[]): Promise<ReidVector[]> {
  return (await findResults<ReidEmbeddingRow>(knex, 'reid_embeddings', detections)).map(withVector);
}

export async function listReidVectors(knex: Knex, interval: CameraInterval): Promise<ReidVector[]> {
  return (await listResults<ReidEmbeddingRow>(knex, 'reid_embeddings', interval)).map(withVector);
}

/** Says which entity these detections show; null: none. Returns how many of them have a vector. */
export async function matchToEntity(knex: Knex, options: { detectionIds: readonly number[]; entityId: string | null }): Promise<number> {
  return knex('reid_embeddings')
    .whereIn('detection_id', [...options.detectionIds])
    .update({ entity_id: options.entityId });
}

/** One detection that was matched to an entity. */
export type SightingRow = {
  detection_id: number;
  detected_at: Date;
  camera_id: string;
  object_type: string | null;
  confidence: number | null;
  thumbnail_path: string | null;
  model_id: string;
};

/** Detections matched to an entity, in footage order; with a limit the newest ones, still in that order. */
export async function listSightings(knex: Knex, entityId: string, options: { limit?: number } = {}): Promise<SightingRow[]> {
  const query = knex('reid_embeddings AS r')
    .join('detections AS d', (on) => on.on('d.id', 'r.detection_id').andOn('d.detected_at', 'r.detected_at'))
    .where('r.entity_id', entityId)
    .orderBy([
      { column: 'r.detected_at', order: 'desc' },
      { column: 'r.detection_id', order: 'desc' },
    ])
    .select<SightingRow[]>(
      'r.detection_id',
      'r.detected_at',
      'd.camera_id',
      'd.object_type',
      'd.confidence',
      'd.thumbnail_path',
      'r.model_id',
    );
  return (await (options.limit === undefined ? query : query.limit(options.limit))).reverse();
}

function toColumns({ vector, ...columns }: NewReidEmbedding): Record<string, unknown> {
  const bytes = encodeVector(vector);
  return { ...columns, embedding: bytes, dimension: vector.length, embedding_hash: createHash('sha256').update(bytes).digest('hex') };
}

function withVector({ embedding, ...row }: ReidEmbeddingRow): ReidVector {
  return { ...row, vector: decodeVector(embedding) };
}
