import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** What a score was made of and with, so that it can be told, repeated and found when it is out of date. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, EVENTS);
  await addComments(knex, 'events', {
    columns: {
      factors: 'array of {id, points, sentence}; they add up to rule_score',
      analysis_code: 'why a language model gave no verdict',
      prompt_version: 'version of the prompt that asked for the verdict',
      rules_fingerprint: 'rules and points that rule_score was computed with; null: something it rests on has changed',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `DROP INDEX idx_events_to_score;
     ALTER TABLE events DROP factors, DROP analysis_code, DROP prompt_version, DROP rules_fingerprint`,
  );
}

/** Scores from before stay as they are until somebody asks for others. */
const EVENTS = `
  ALTER TABLE events
    ADD factors jsonb,
    ADD analysis_code text,
    ADD prompt_version integer,
    ADD rules_fingerprint text,
    ADD CONSTRAINT ck_events_factors CHECK (jsonb_typeof(factors) = 'array'),
    ADD CONSTRAINT ck_events_prompt_version CHECK (prompt_version >= 1);
  UPDATE events SET rules_fingerprint = 'unknown' WHERE analysis_status = 'analyzed';
  CREATE INDEX idx_events_to_score ON events (camera_id, started_at) WHERE rules_fingerprint IS NULL`;
