import type { Knex } from 'knex';

import type { StoredPeriod } from '../../../domain/quiet-hours.ts';
import { finder, repairer } from './broken.ts';

/** The nearest earlier alert decides: what is far enough from it is far enough from those before. */
export const findAlertsInCooldown = finder(`
  SELECT format('alert %s', id) AS place,
         format('came %s s after alert %s of the same key, its cooldown is %s s', extract(epoch FROM occurred_at - earlier_at), earlier_id, cooldown_seconds) AS text
    FROM (SELECT id, occurred_at, cooldown_seconds, lag(occurred_at) OVER w AS earlier_at, lag(id) OVER w AS earlier_id
            FROM alerts WHERE rule_id IS NOT NULL
          WINDOW w AS (PARTITION BY rule_id, dedup_key ORDER BY occurred_at, id)) a
   WHERE occurred_at - earlier_at < cooldown_seconds * interval '1 second'`);

export const findAlertsAtWrongTimes = finder(`
  SELECT format('alert %s', a.id) AS place, format('occurred at %s, its event %s starts %s', a.occurred_at, e.id, e.started_at) AS text
    FROM alerts a JOIN events e ON e.id = a.event_id WHERE a.occurred_at <> e.started_at`);

export const repairAlertTimes = repairer(`
  UPDATE alerts a SET occurred_at = e.started_at FROM events e WHERE e.id = a.event_id AND a.occurred_at <> e.started_at`);

export type RuleReferencesRow = {
  id: string;
  name: string;
  dedup_key_template: string;
  schedule: unknown;
  lost_cameras: string[];
  lost_zones: string[];
};

export async function readRuleReferences(knex: Knex): Promise<RuleReferencesRow[]> {
  const { rows } = await knex.raw<{ rows: RuleReferencesRow[] }>(`
    SELECT r.id, r.name, r.dedup_key_template, r.schedule,
           ${lost('r.camera_ids', 'cameras')} AS lost_cameras, ${lost('r.zone_ids', 'zones')} AS lost_zones
      FROM alert_rules r ORDER BY r.name, r.id`);
  return rows;
}

function lost(list: string, table: string): string {
  return `ARRAY(SELECT i.id FROM jsonb_array_elements_text(CASE WHEN jsonb_typeof(${list}) = 'array' THEN ${list} ELSE '[]' END) AS i(id)
                 WHERE NOT EXISTS (SELECT FROM ${table} t WHERE t.id = i.id))`;
}

export const findMissingPreferences = finder(`
  SELECT 'notification_preferences' AS place, format('has %s rows, not one', count(*)) AS text FROM notification_preferences HAVING count(*) <> 1`);

export const insertPreferences = repairer('INSERT INTO notification_preferences DEFAULT VALUES ON CONFLICT DO NOTHING');

export async function readQuietPeriods(knex: Knex): Promise<StoredPeriod[]> {
  return knex('quiet_hours_periods')
    .select<StoredPeriod[]>('group_id', 'label', 'start_time', 'end_time', 'days')
    .orderBy(['group_id', 'start_time']);
}
