import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

export async function up(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `CREATE TABLE event_detections (
       event_id bigint NOT NULL CONSTRAINT fk_event_detections_event_id REFERENCES events ON DELETE CASCADE,
       detection_id bigint NOT NULL,
       detected_at timestamptz(3) NOT NULL,
       created_at timestamptz(3) NOT NULL DEFAULT now(),
       PRIMARY KEY (event_id, detection_id),
       CONSTRAINT fk_event_detections_detection FOREIGN KEY (detection_id, detected_at)
         REFERENCES detections (id, detected_at) ON UPDATE CASCADE ON DELETE CASCADE
     );
     CREATE INDEX idx_event_detections_event_id ON event_detections (event_id);
     CREATE INDEX idx_event_detections_detection_id ON event_detections (detection_id);
     CREATE INDEX idx_event_detections_created_at ON event_detections (created_at)`,
  );
  await addComments(knex, 'event_detections', {
    table: 'Which detections form which event; the truth behind events.detection_ids.',
    columns: { detected_at: 'companion of detection_id: detections is partitioned by it; join on both' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE event_detections');
}
