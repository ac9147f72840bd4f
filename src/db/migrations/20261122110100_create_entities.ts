import type { Knex } from 'knex';

import { ENTITY_TYPES, TRUST_STATUSES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [TABLE, INDEXES]) await runSql(knex, sql);
  await addComments(knex, 'entities', {
    table: 'A person or object recognised again across cameras.',
    columns: {
      first_seen_at: 'footage time',
      last_seen_at: 'footage time',
      embedding_vector: '{vector, model, dimension}',
      entity_metadata: 'object',
      primary_detection_id: 'best detection; no foreign key, validated by code',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE entities');
}

const TABLE = `
  CREATE TABLE entities (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    entity_type text NOT NULL DEFAULT 'person',
    trust_status text NOT NULL DEFAULT 'unknown',
    first_seen_at timestamptz(3) NOT NULL DEFAULT now(),
    last_seen_at timestamptz(3) NOT NULL DEFAULT now(),
    detection_count integer NOT NULL DEFAULT 0,
    embedding_vector jsonb,
    entity_metadata jsonb,
    primary_detection_id bigint,
    ${enumCheck('entities', 'entity_type', ENTITY_TYPES)},
    ${enumCheck('entities', 'trust_status', TRUST_STATUSES)},
    CONSTRAINT ck_entities_detection_count CHECK (detection_count >= 0),
    CONSTRAINT ck_entities_seen_order CHECK (last_seen_at >= first_seen_at),
    CONSTRAINT ck_entities_json
      CHECK (jsonb_typeof(embedding_vector) = 'object' AND jsonb_typeof(entity_metadata) = 'object')
  )`;

const INDEXES = `
  CREATE INDEX idx_entities_entity_type ON entities (entity_type);
  CREATE INDEX idx_entities_trust_status ON entities (trust_status);
  CREATE INDEX idx_entities_first_seen_at ON entities (first_seen_at);
  CREATE INDEX idx_entities_last_seen_at ON entities (last_seen_at);
  CREATE INDEX idx_entities_type_last_seen ON entities (entity_type, last_seen_at);
  CREATE INDEX ix_entities_entity_metadata_gin ON entities USING gin (entity_metadata jsonb_path_ops);
  CREATE INDEX idx_entities_primary_detection_id ON entities (primary_detection_id) WHERE primary_detection_id IS NOT NULL`;
