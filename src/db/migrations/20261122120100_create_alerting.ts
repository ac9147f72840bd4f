import type { Knex } from 'knex';

import { ALERT_STATUSES, SEVERITIES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql, touchTrigger } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [RULES, ALERTS]) await runSql(knex, sql);
  await addComments(knex, 'alert_rules', {
    table: 'Conditions under which an event raises an alert; every condition that is set must hold.',
    columns: {
      severity: 'of the alerts it raises',
      risk_threshold: 'score at or above it; an event without score fails',
      object_types: 'array of text; null or empty = any',
      camera_ids: 'array of text; null or empty = any',
      zone_ids: 'array of text; null or empty = any',
      schedule: '{days[], start_time, end_time, timezone}; start > end spans midnight and belongs to the day it starts; null = always',
      dedup_key_template: 'with variables such as {camera_id}, {rule_id}, {object_type}',
      cooldown_seconds: '0 = none',
    },
  });
  await addComments(knex, 'alerts', {
    table: 'One notification raised by one event.',
    columns: {
      rule_id: 'null = manual, or its rule was deleted',
      dedup_key: 'filled template; characters other than Unicode letters, digits and _ : - became _',
      alert_metadata: 'matched conditions, rule name',
      occurred_at: "the event's started_at: the cooldown runs on footage time, else a replayed month would collapse into one alert",
      cooldown_seconds: "the rule's value when fired",
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE alerts; DROP TABLE alert_rules');
}

const RULES = `
  CREATE TABLE alert_rules (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    name varchar(255) NOT NULL,
    description text,
    enabled boolean NOT NULL DEFAULT true,
    severity text NOT NULL DEFAULT 'medium',
    risk_threshold integer,
    object_types jsonb,
    camera_ids jsonb,
    zone_ids jsonb,
    min_confidence double precision,
    schedule jsonb,
    dedup_key_template varchar(255) NOT NULL DEFAULT '{camera_id}:{rule_id}',
    cooldown_seconds integer NOT NULL DEFAULT 300,
    channels jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    ${enumCheck('alert_rules', 'severity', SEVERITIES)},
    CONSTRAINT ck_alert_rules_risk_threshold_range CHECK (risk_threshold BETWEEN 0 AND 100),
    CONSTRAINT ck_alert_rules_min_confidence_range CHECK (min_confidence BETWEEN 0 AND 1),
    CONSTRAINT ck_alert_rules_cooldown_non_negative CHECK (cooldown_seconds >= 0),
    CONSTRAINT ck_alert_rules_json CHECK (jsonb_typeof(object_types) = 'array' AND jsonb_typeof(camera_ids) = 'array'
      AND jsonb_typeof(zone_ids) = 'array' AND jsonb_typeof(schedule) = 'object' AND jsonb_typeof(channels) = 'array')
  );
  CREATE INDEX idx_alert_rules_name ON alert_rules (name);
  CREATE INDEX idx_alert_rules_enabled ON alert_rules (enabled);
  CREATE INDEX idx_alert_rules_severity ON alert_rules (severity);
  ${touchTrigger('alert_rules')}`;

/** Alerts at least one cooldown apart never share a window, so the unique index on windows cannot reject one that should fire. */
const ALERTS = `
  CREATE TABLE alerts (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    event_id bigint NOT NULL CONSTRAINT fk_alerts_event_id REFERENCES events ON DELETE CASCADE,
    rule_id uuid CONSTRAINT fk_alerts_rule_id REFERENCES alert_rules ON DELETE SET NULL,
    severity text NOT NULL DEFAULT 'medium',
    status text NOT NULL DEFAULT 'pending',
    delivered_at timestamptz(3),
    channels jsonb NOT NULL DEFAULT '[]',
    dedup_key varchar(255) NOT NULL,
    alert_metadata jsonb,
    occurred_at timestamptz(3) NOT NULL,
    cooldown_seconds integer NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    ${enumCheck('alerts', 'severity', SEVERITIES)},
    ${enumCheck('alerts', 'status', ALERT_STATUSES)},
    CONSTRAINT ck_alerts_dedup_key CHECK (dedup_key <> ''),
    CONSTRAINT ck_alerts_delivered CHECK (status <> 'delivered' OR delivered_at IS NOT NULL),
    CONSTRAINT ck_alerts_cooldown CHECK (cooldown_seconds >= 0),
    CONSTRAINT ck_alerts_json CHECK (jsonb_typeof(channels) = 'array' AND jsonb_typeof(alert_metadata) = 'object')
  );
  CREATE UNIQUE INDEX uq_alerts_rule_event ON alerts (rule_id, event_id) WHERE rule_id IS NOT NULL;
  CREATE UNIQUE INDEX uq_alerts_rule_window ON alerts (rule_id, dedup_key, cooldown_seconds,
    div(extract(epoch FROM occurred_at AT TIME ZONE 'UTC'), nullif(cooldown_seconds, 0))) WHERE rule_id IS NOT NULL;
  CREATE INDEX idx_alerts_event_id ON alerts (event_id);
  CREATE INDEX idx_alerts_created_at ON alerts (created_at);
  CREATE INDEX idx_alerts_status_created ON alerts (status, created_at);
  CREATE INDEX idx_alerts_dedup ON alerts (rule_id, dedup_key, occurred_at);
  ${touchTrigger('alerts')}`;
