import type { Knex } from 'knex';

import { decodeVector, encodeVector } from '../../domain/vector.ts';

/** One row of `person_embeddings`, as stored. */
export type PersonEmbeddingRow = {
  id: number;
  member_id: number;
  /** float32 little-endian. */
  embedding: Buffer;
  dimension: number;
  model_id: string;
  source_event_id: number | null;
  confidence: number;
  created_at: Date;
};

export type NewPersonEmbedding = Pick<PersonEmbeddingRow, 'member_id' | 'model_id'> &
  Partial<Pick<PersonEmbeddingRow, 'source_event_id' | 'confidence'>> & { vector: readonly number[] };

export async function insertPersonEmbedding(knex: Knex, { vector, ...columns }: NewPersonEmbedding): Promise<number> {
  const [row] = await knex('person_embeddings')
    .insert({ ...columns, embedding: encodeVector(vector), dimension: vector.length })
    .returning<Pick<PersonEmbeddingRow, 'id'>[]>('id');
  if (row === undefined) throw new Error('the vector was not inserted');
  return row.id;
}

/** A reference vector with the member it stands for. */
export type MemberVector = Pick<PersonEmbeddingRow, 'id' | 'member_id' | 'confidence'> & { vector: number[] };

/** The gallery of a household; vectors of other models are left out, they compare with nothing. */
export async function listMemberVectors(knex: Knex, gallery: { householdId: number; modelId: string }): Promise<MemberVector[]> {
  const rows = await knex('person_embeddings as e')
    .join('household_members as m', 'm.id', 'e.member_id')
    .where({ 'm.household_id': gallery.householdId, 'e.model_id': gallery.modelId })
    .select<Pick<PersonEmbeddingRow, 'id' | 'member_id' | 'confidence' | 'embedding'>[]>(
      'e.id',
      'e.member_id',
      'e.confidence',
      'e.embedding',
    )
    .orderBy(['e.member_id', 'e.id']);
  return rows.map(({ embedding, ...row }) => ({ ...row, vector: decodeVector(embedding) }));
}
