import type { Knex } from 'knex';

import { ZONE_SHAPES, ZONE_TYPES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql, touchTrigger } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  for (const sql of [TABLE, INDEXES, touchTrigger('zones')]) await runSql(knex, sql);
  await addComments(knex, 'zones', {
    table: "A region drawn on one camera's picture. The only zone table; no view.",
    columns: {
      id: 'given by the user, else a UUID',
      coordinates: 'list of [x, y], each 0–1 of the picture; a rectangle lists its four corners in order',
      color: '#RRGGBB',
      priority: 'higher wins on overlap',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE zones');
}

const TABLE = `
  CREATE TABLE zones (
    id text PRIMARY KEY,
    camera_id text NOT NULL CONSTRAINT fk_zones_camera_id REFERENCES cameras ON DELETE CASCADE,
    name varchar(255) NOT NULL,
    zone_type text NOT NULL DEFAULT 'other',
    coordinates jsonb NOT NULL,
    shape text NOT NULL DEFAULT 'rectangle',
    color varchar(7) NOT NULL DEFAULT '#3B82F6',
    enabled boolean NOT NULL DEFAULT true,
    priority integer NOT NULL DEFAULT 0,
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    updated_at timestamptz(3) NOT NULL DEFAULT now(),
    ${enumCheck('zones', 'zone_type', ZONE_TYPES)},
    ${enumCheck('zones', 'shape', ZONE_SHAPES)},
    CONSTRAINT ck_zones_id CHECK (octet_length(id) BETWEEN 1 AND 100),
    CONSTRAINT ck_zones_priority_non_negative CHECK (priority >= 0),
    CONSTRAINT ck_zones_color_hex CHECK (color ~ '^#[0-9A-Fa-f]{6}$'),
    CONSTRAINT ck_zones_coordinates CHECK (CASE WHEN jsonb_typeof(coordinates) = 'array'
      THEN jsonb_array_length(coordinates) BETWEEN 3 AND 100
        AND (shape <> 'rectangle' OR jsonb_array_length(coordinates) = 4)
      ELSE false END)
  )`;

const INDEXES = `
  CREATE INDEX idx_zones_camera_id ON zones (camera_id);
  CREATE INDEX idx_zones_enabled ON zones (enabled);
  CREATE INDEX idx_zones_camera_enabled ON zones (camera_id, enabled)`;
