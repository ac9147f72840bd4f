import type { Knex } from 'knex';

import { DAYS_OF_WEEK, NOTIFICATION_SOUNDS, SEVERITIES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [PREFERENCES, CAMERA_SETTINGS, QUIET_HOURS]) await runSql(knex, sql);
  await addComments(knex, 'notification_preferences', {
    table: 'Global switch of notifications: exactly one row.',
    columns: { id: 'always 1', enabled: 'master switch', risk_filters: 'levels that notify' },
  });
  await addComments(knex, 'camera_notification_settings', {
    table: 'Per-camera switch and threshold of notifications.',
    columns: { risk_threshold: 'minimum score' },
  });
  await addComments(knex, 'quiet_hours_periods', {
    table: 'Hours in which nothing notifies.',
    columns: {
      start_time: 'local time, included',
      end_time: 'local time, excluded; 24:00 is a legal value',
      group_id: 'the two halves of a period over midnight share it',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE quiet_hours_periods; DROP TABLE camera_notification_settings; DROP TABLE notification_preferences');
}

const ALL_DAYS = DAYS_OF_WEEK.join(',');

const PREFERENCES = `
  CREATE TABLE notification_preferences (
    id integer PRIMARY KEY DEFAULT 1,
    enabled boolean NOT NULL DEFAULT true,
    sound text NOT NULL DEFAULT 'default',
    risk_filters text[] NOT NULL DEFAULT '{critical,high,medium}',
    ${enumCheck('notification_preferences', 'sound', NOTIFICATION_SOUNDS)},
    CONSTRAINT ck_notification_preferences_singleton CHECK (id = 1),
    CONSTRAINT ck_notification_preferences_risk_filters CHECK (risk_filters <@ ${arrayOf(SEVERITIES)})
  );
  INSERT INTO notification_preferences DEFAULT VALUES ON CONFLICT DO NOTHING`;

const CAMERA_SETTINGS = `
  CREATE TABLE camera_notification_settings (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    camera_id text NOT NULL CONSTRAINT fk_camera_notification_settings_camera_id REFERENCES cameras ON DELETE CASCADE,
    enabled boolean NOT NULL DEFAULT true,
    risk_threshold integer NOT NULL DEFAULT 0,
    CONSTRAINT ck_camera_notification_settings_risk_threshold CHECK (risk_threshold >= 0 AND risk_threshold <= 100)
  );
  CREATE UNIQUE INDEX idx_camera_notification_settings_camera_id ON camera_notification_settings (camera_id)`;

const QUIET_HOURS = `
  CREATE TABLE quiet_hours_periods (
    id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    group_id uuid NOT NULL DEFAULT gen_random_uuid(),
    label text NOT NULL,
    start_time time NOT NULL,
    end_time time NOT NULL,
    days text[] NOT NULL DEFAULT '{${ALL_DAYS}}',
    CONSTRAINT ck_quiet_hours_periods_time_range CHECK (start_time < end_time),
    CONSTRAINT ck_quiet_hours_periods_days CHECK (cardinality(days) > 0 AND days <@ ${arrayOf(DAYS_OF_WEEK)})
  );
  CREATE INDEX idx_quiet_hours_periods_start_end ON quiet_hours_periods (start_time, end_time);
  CREATE INDEX idx_quiet_hours_periods_group_id ON quiet_hours_periods (group_id)`;

function arrayOf(values: readonly string[]): string {
  return `ARRAY[${values.map((value) => `'${value}'`).join(', ')}]`;
}
