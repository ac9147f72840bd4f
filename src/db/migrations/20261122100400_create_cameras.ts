import type { Knex } from 'knex';

import { CAMERA_STATUSES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  await runSql(knex, TABLE);
  await addComments(knex, 'cameras', {
    table: 'One row per physical camera; the id derives from the name of its footage folder.',
    columns: {
      id: 'normalised name of the footage folder',
      folder_path: 'folder the footage comes from',
      property_id: 'site',
      timezone: 'IANA zone of times in file names; null: that of the property, then of the configuration',
      last_seen_at: 'footage time of the newest file; only moves forward',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE cameras');
}

const TABLE = `
  CREATE TABLE cameras (
    id text PRIMARY KEY,
    name text NOT NULL,
    folder_path text NOT NULL,
    status text NOT NULL DEFAULT 'online',
    property_id bigint CONSTRAINT fk_cameras_property_id REFERENCES properties ON DELETE SET NULL,
    timezone text,
    last_seen_at timestamptz(3),
    created_at timestamptz(3) NOT NULL DEFAULT now(),
    ${enumCheck('cameras', 'status', CAMERA_STATUSES)},
    CONSTRAINT ck_cameras_id CHECK (id <> '' AND octet_length(id) <= 100 AND id !~ '[[:space:]/]'),
    CONSTRAINT ck_cameras_name CHECK (octet_length(name) BETWEEN 1 AND 500),
    CONSTRAINT ck_cameras_folder_path CHECK (octet_length(folder_path) BETWEEN 1 AND 2500)
  );
  CREATE UNIQUE INDEX idx_cameras_name_unique ON cameras (name);
  CREATE UNIQUE INDEX idx_cameras_folder_path_unique ON cameras (folder_path);
  CREATE INDEX idx_cameras_property_id ON cameras (property_id)`;
