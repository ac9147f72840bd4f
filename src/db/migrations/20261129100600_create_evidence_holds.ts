import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Events that must not be pruned because somebody needs them as evidence, and who said so. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, HOLDS);
  await addComments(knex, 'evidence_holds', {
    table: 'Events that are kept as evidence with their detections, whatever their age.',
    columns: {
      held_until: 'wall clock; the hold ends by itself then; null: it lasts until it is released',
      released_at: 'wall clock; null: not released',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE evidence_holds');
}

const HOLDS = `
  CREATE TABLE evidence_holds (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    event_id bigint NOT NULL CONSTRAINT fk_evidence_holds_event_id REFERENCES events ON DELETE CASCADE,
    reason text NOT NULL,
    actor varchar(100) NOT NULL,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    held_until timestamptz(3),
    released_at timestamptz(3),
    released_by varchar(100),
    CONSTRAINT ck_evidence_holds_reason CHECK (octet_length(reason) BETWEEN 1 AND 2000),
    CONSTRAINT ck_evidence_holds_until CHECK (held_until > created_at),
    CONSTRAINT ck_evidence_holds_released CHECK ((released_at IS NULL) = (released_by IS NULL))
  );
  CREATE UNIQUE INDEX uq_evidence_holds_open ON evidence_holds (event_id) WHERE released_at IS NULL;
  CREATE INDEX idx_evidence_holds_event_id ON evidence_holds (event_id)`;
