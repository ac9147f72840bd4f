import type { Knex } from 'knex';

import { RISK_SOURCES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

/** What an event was like when somebody judged it, whose thresholds learn from that, and where learning starts. */
export async function up(knex: Knex): Promise<void> {
  for (const sql of [COLUMNS, BACKFILL]) await runSql(knex, sql);
  await addComments(knex, 'event_feedback', {
    columns: {
      score_at_feedback: 'risk score of the event at that moment; null: none, and thresholds learn nothing',
      user_id: 'whose thresholds learn from it',
      risk_source: 'who had given the score',
      prompt_version: 'version of the prompt that had given the score',
    },
  });
  await addComments(knex, 'user_calibration', {
    table: 'Risk thresholds in force for a user, and what they are learned with.',
    columns: { reset_at: 'only feedback given later counts' },
  });
  await addComments(knex, 'camera_calibrations', { columns: { reset_at: 'only feedback given later counts' } });
  await addComments(knex, 'summaries', {
    columns: {
      window_start: 'footage time; included, except for hourly summaries',
      window_end: 'footage time; excluded, except for hourly summaries',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `ALTER TABLE event_feedback DROP score_at_feedback, DROP user_id, DROP risk_source, DROP prompt_version;
     ALTER TABLE user_calibration DROP reset_at;
     ALTER TABLE camera_calibrations DROP reset_at`,
  );
  await addComments(knex, 'user_calibration', { table: "Risk thresholds learned from a user's feedback." });
  await addComments(knex, 'summaries', {
    columns: { window_start: 'footage time, included', window_end: 'footage time, excluded' },
  });
}

const COLUMNS = `
  ALTER TABLE event_feedback
    ADD score_at_feedback integer,
    ADD user_id varchar(255) NOT NULL DEFAULT 'local',
    ADD risk_source text,
    ADD prompt_version integer,
    ADD CONSTRAINT ck_event_feedback_score CHECK (score_at_feedback BETWEEN 0 AND 100),
    ADD ${enumCheck('event_feedback', 'risk_source', RISK_SOURCES)};
  ALTER TABLE user_calibration ADD reset_at timestamptz(3);
  ALTER TABLE camera_calibrations ADD reset_at timestamptz(3)`;

/** What was given before: the score of today is the best that is known. */
const BACKFILL = `
  UPDATE event_feedback f SET score_at_feedback = e.risk_score, risk_source = e.risk_source FROM events e WHERE e.id = f.event_id`;
