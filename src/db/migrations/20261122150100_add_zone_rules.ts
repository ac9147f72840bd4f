import type { Knex } from 'knex';

import { ZONE_ANCHORS, ZONE_PURPOSES } from '../../domain/enums.ts';
import { addComments, enumCheck, runSql } from './ddl.ts';

/** What a zone is for, which part of a box has to be in it, and for which classes it holds. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, COLUMNS);
  await addComments(knex, 'zones', {
    columns: {
      purpose: 'detect: says where something was; motion_mask: motion in it is left out; ignore: so are detections',
      anchor: 'part of a box that has to be in the zone; overlap: any part',
      classes: 'array of labels or class groups it holds for; null: all',
    },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE zones DROP purpose, DROP anchor, DROP classes');
}

const COLUMNS = `
  ALTER TABLE zones
    ADD purpose text NOT NULL DEFAULT 'detect',
    ADD anchor text NOT NULL DEFAULT 'bottom_centre',
    ADD classes jsonb,
    ADD ${enumCheck('zones', 'purpose', ZONE_PURPOSES)},
    ADD ${enumCheck('zones', 'anchor', ZONE_ANCHORS)},
    ADD CONSTRAINT ck_zones_classes CHECK (CASE WHEN jsonb_typeof(classes) = 'array'
      THEN jsonb_array_length(classes) BETWEEN 1 AND 100 ELSE classes IS NULL END)`;
