import type { Knex } from 'knex';

import { RECORDING_MODES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

/** What the baselines are computed from, what they were computed with, and how unusual an event is against them. */
export async function up(knex: Knex): Promise<void> {
  for (const sql of [HOURS, STATES, EVENTS, FILES]) await runSql(knex, sql);
  await addComments(knex, 'activity_hours', {
    table:
      'What went on in each local hour of a camera: footage, and tracks that began in it. A repeated hour has two rows, a skipped one none.',
    columns: {
      local_date: "in the camera's time zone",
      hour: "0–23, in the camera's time zone",
      fold: '1: the second time that the clocks show this hour',
      started_at: 'footage time at which the hour begins',
      covered_seconds: 'seconds with footage',
      exposure: 'hours of watching it stands for; 0: it does not count as covered',
      counts: 'confirmed tracks by class, {class: number}; classes not seen are left out',
    },
  });
  await addComments(knex, 'baseline_states', {
    table: 'What activity hours and baselines of a camera were computed with, and the footage time they do not reflect yet.',
    columns: {
      as_of: 'end of the 30 days that the baselines look at; null without footage',
      time_zone: 'null: they have to be computed anew',
      recording: 'mode the exposures were computed with',
      counts_motion: 'motion counts, as nothing else was seen',
      stale: 'footage time in which something changed since',
    },
  });
  await addComments(knex, 'events', {
    columns: {
      anomaly: 'probability of fewer tracks than there were, 0–1; null: not enough history',
      anomaly_basis: '{samples, activity, classes}: tracks k against a weighted tracks in b weighted hours',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `DROP INDEX idx_media_files_long;
     ALTER TABLE events DROP anomaly, DROP anomaly_basis;
     DROP TABLE baseline_states;
     DROP TABLE activity_hours`,
  );
}

const HOURS = `
  CREATE TABLE activity_hours (
    camera_id text NOT NULL CONSTRAINT fk_activity_hours_camera_id REFERENCES cameras ON DELETE CASCADE,
    local_date date NOT NULL,
    hour integer NOT NULL,
    fold integer NOT NULL DEFAULT 0,
    started_at timestamptz(3) NOT NULL,
    covered_seconds double precision NOT NULL DEFAULT 0,
    exposure double precision NOT NULL DEFAULT 0,
    counts jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (camera_id, local_date, hour, fold),
    CONSTRAINT ck_activity_hours_hour_range CHECK (hour BETWEEN 0 AND 23),
    CONSTRAINT ck_activity_hours_fold CHECK (fold IN (0, 1)),
    CONSTRAINT ck_activity_hours_values CHECK (covered_seconds BETWEEN 0 AND 3600 AND exposure BETWEEN 0 AND 1),
    CONSTRAINT ck_activity_hours_counts CHECK (jsonb_typeof(counts) = 'object')
  );
  CREATE INDEX idx_activity_hours_camera_id_started_at ON activity_hours (camera_id, started_at)`;

const STATES = `
  CREATE TABLE baseline_states (
    camera_id text PRIMARY KEY CONSTRAINT fk_baseline_states_camera_id REFERENCES cameras ON DELETE CASCADE,
    as_of timestamptz(3),
    time_zone varchar(64),
    recording text,
    counts_motion boolean NOT NULL DEFAULT false,
    stale tstzmultirange NOT NULL DEFAULT '{}',
    ${enumCheck('baseline_states', 'recording', RECORDING_MODES)}
  );
  INSERT INTO baseline_states (camera_id) SELECT c.id FROM cameras c WHERE EXISTS (SELECT FROM media_files f WHERE f.camera_id = c.id)`;

const EVENTS = `
  ALTER TABLE events
    ADD anomaly double precision,
    ADD anomaly_basis jsonb,
    ADD CONSTRAINT ck_events_anomaly CHECK (anomaly BETWEEN 0 AND 1),
    ADD CONSTRAINT ck_events_anomaly_basis
      CHECK ((anomaly IS NULL) = (anomaly_basis IS NULL) AND jsonb_typeof(anomaly_basis) = 'object')`;

/** Footage of an interval is looked for by its start, a day back; the few longer files are found by this index. */
const FILES = `
  CREATE INDEX idx_media_files_long ON media_files (camera_id, captured_at) WHERE ended_at - captured_at > interval '24 hours'`;
