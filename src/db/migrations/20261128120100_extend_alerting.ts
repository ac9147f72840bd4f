import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Further conditions of alert rules, and which changes of a view somebody was told of. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, EXTEND);
  await addComments(knex, 'alert_rules', {
    columns: { conditions: '{min_dwell_seconds, trust[], min_anomaly, object_count}; a missing one is not set, null = none' },
  });
  await addComments(knex, 'scene_changes', {
    columns: { notified_at: 'when a channel took the message about it; null = nobody was told' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE scene_changes DROP notified_at; ALTER TABLE alert_rules DROP conditions');
}

const EXTEND = `
  ALTER TABLE alert_rules
    ADD conditions jsonb,
    ADD CONSTRAINT ck_alert_rules_conditions CHECK (jsonb_typeof(conditions) = 'object');
  ALTER TABLE scene_changes ADD notified_at timestamptz(3)`;
