import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/**
 * Which events were rated since their alerts were last looked at: a run that is killed in between is made up for by the next one. A mark
 * on the events themselves would cost an update of all their indexes, twice.
 */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, DUE);
  await addComments(knex, 'due_alerts', {
    table: 'Events that were rated since rules were last asked whether they raise alerts.',
    columns: { marked_at: 'the latest rating; one that comes meanwhile stays due' },
  });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP TABLE due_alerts');
}

const DUE = `
  CREATE TABLE due_alerts (
    event_id bigint PRIMARY KEY CONSTRAINT fk_due_alerts_event_id REFERENCES events ON DELETE CASCADE,
    marked_at timestamptz(3) NOT NULL DEFAULT clock_timestamp()
  )`;
