import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Who a sighting was taken for, how sure that is, and whether a user said so. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, LINKS);
  await addComments(knex, 'reid_embeddings', {
    columns: {
      member_id: 'the household member it was recognised as; then it belongs to no entity',
      similarity: 'cosine to whom it was matched; null for the first sighting of an entity and for what a user said',
      is_uncertain: 'another entity looks nearly as much like it',
      is_manual: 'a user said so (merge, split): recognising again keeps it',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE reid_embeddings DROP member_id, DROP similarity, DROP is_uncertain, DROP is_manual');
}

const LINKS = `
  ALTER TABLE reid_embeddings
    ADD member_id bigint CONSTRAINT fk_reid_embeddings_member_id REFERENCES household_members ON DELETE SET NULL,
    ADD similarity double precision,
    ADD is_uncertain boolean NOT NULL DEFAULT false,
    ADD is_manual boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT ck_reid_embeddings_similarity CHECK (similarity BETWEEN -1 AND 1),
    ADD CONSTRAINT ck_reid_embeddings_one_identity CHECK (num_nonnulls(entity_id, member_id) <= 1);
  CREATE INDEX idx_reid_embeddings_member_id ON reid_embeddings (member_id)`;
