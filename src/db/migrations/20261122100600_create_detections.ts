import type { Knex } from 'knex';

import { MEDIA_TYPES } from '../../domain/enums.ts';
import { PARTITIONS_KEY } from '../lock-keys.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [TABLE, INDEXES, ENSURE_PARTITION]) await runSql(knex, sql);
  await addComments(knex, 'detections', {
    table: 'One row per detected object in one picture or video frame. One partition per UTC month of footage time.',
    columns: {
      id: 'one sequence for all partitions makes it unique',
      file_path: "path when detected; a video's own path for its frames",
      file_type: 'extension, lower case, no dot',
      detected_at: 'footage time: captured_at of the file + frame_offset_ms',
      object_type: 'class of the detector',
      confidence: 'score of the detector, 0–1',
      bbox_x: 'left edge in pixels of the original picture',
      bbox_y: 'top edge in pixels of the original picture',
      duration: 'of the video, in seconds',
      video_width: "for images the picture's width",
      video_height: "for images the picture's height",
      media_file_id: 'null only for rows imported without a file',
      frame_index: '0 for images',
      frame_offset_ms: '0 for images',
      enrichment_data: 'object',
      labels: 'array of strings',
      model_id: 'registry name of the detector',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP FUNCTION ensure_detections_partition(timestamptz); DROP TABLE detections');
}

const COLUMNS = `
    id bigint NOT NULL DEFAULT nextval('detections_id_seq'),
    camera_id text NOT NULL CONSTRAINT fk_detections_camera_id REFERENCES cameras ON DELETE CASCADE,
    file_path text NOT NULL,
    file_type varchar(20),
    detected_at timestamptz(3) NOT NULL DEFAULT now(),
    object_type varchar(100),
    confidence double precision,
    bbox_x integer,
    bbox_y integer,
    bbox_width integer,
    bbox_height integer,
    thumbnail_path text,
    media_type text DEFAULT 'image',
    duration double precision,
    video_codec varchar(50),
    video_width integer,
    video_height integer,
    media_file_id bigint CONSTRAINT fk_detections_media_file_id REFERENCES media_files ON DELETE CASCADE,
    frame_index integer,
    frame_offset_ms integer,
    track_id integer,
    track_confidence double precision,
    enrichment_data jsonb,
    labels jsonb,
    run_id uuid CONSTRAINT fk_detections_run_id REFERENCES runs,
    model_id varchar(100)`;

const TABLE = `
  CREATE SEQUENCE detections_id_seq;
  CREATE TABLE detections (${COLUMNS},
    PRIMARY KEY (id, detected_at),
    ${enumCheck('detections', 'media_type', MEDIA_TYPES)},
    CONSTRAINT ck_detections_confidence_range CHECK (confidence BETWEEN 0 AND 1),
    CONSTRAINT ck_detections_track_confidence_range CHECK (track_confidence BETWEEN 0 AND 1),
    CONSTRAINT ck_detections_bbox CHECK (num_nulls(bbox_x, bbox_y, bbox_width, bbox_height) IN (0, 4)
      AND bbox_x >= 0 AND bbox_y >= 0 AND bbox_width > 0 AND bbox_height > 0),
    CONSTRAINT ck_detections_numbers
      CHECK (video_width > 0 AND video_height > 0 AND frame_index >= 0 AND frame_offset_ms >= 0),
    CONSTRAINT ck_detections_duration CHECK (duration >= 0 AND duration < 'Infinity'),
    CONSTRAINT ck_detections_enrichment CHECK (jsonb_typeof(enrichment_data) = 'object'),
    CONSTRAINT ck_detections_labels CHECK (jsonb_typeof(labels) = 'array')
  ) PARTITION BY RANGE (detected_at);
  ALTER SEQUENCE detections_id_seq OWNED BY detections.id`;

const INDEXES = `
  CREATE INDEX idx_detections_camera_id ON detections (camera_id);
  CREATE INDEX idx_detections_detected_at ON detections (detected_at);
  CREATE INDEX idx_detections_camera_time ON detections (camera_id, detected_at);
  CREATE INDEX idx_detections_object_type_time ON detections (object_type, detected_at);
  CREATE INDEX idx_detections_media_file_id ON detections (media_file_id);
  CREATE INDEX idx_detections_enrichment_data ON detections USING gin (enrichment_data jsonb_path_ops);
  CREATE INDEX idx_detections_labels ON detections USING gin (labels jsonb_path_ops)`;

/**
 * Looks twice: the second look, under the lock, queries the catalogs because to_regclass would answer from a cache filled
 * before the wait.
 */
const ENSURE_PARTITION = `
  CREATE FUNCTION ensure_detections_partition(at timestamptz) RETURNS text
  LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
  DECLARE
    month timestamp := date_trunc('month', at AT TIME ZONE 'UTC');
    partition_name text := to_char(month, '"detections_y"YYYY"m"MM');
  BEGIN
    IF month IS NULL OR month < '1990-01-01' OR month > '2099-12-01' THEN
      RAISE datetime_field_overflow USING MESSAGE = format('no partition for %s: months run from 1990-01 to 2099-12', at);
    END IF;
    IF to_regclass(quote_ident(partition_name)) IS NOT NULL THEN
      RETURN NULL;
    END IF;
    PERFORM pg_advisory_xact_lock(${String(PARTITIONS_KEY)});
    IF EXISTS (SELECT FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
                WHERE i.inhparent = 'detections'::regclass AND c.relname = partition_name) THEN
      RETURN NULL;
    END IF;
    EXECUTE format(
      'CREATE TABLE %I PARTITION OF detections FOR VALUES FROM (%L) TO (%L)
         WITH (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02)',
      partition_name, to_char(month, 'YYYY-MM-DD') || ' 00:00:00+00',
      to_char(month + interval '1 month', 'YYYY-MM-DD') || ' 00:00:00+00');
    RETURN partition_name;
  EXCEPTION WHEN duplicate_table THEN
    RETURN NULL;
  END $$`;
