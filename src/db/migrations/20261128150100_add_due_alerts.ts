import type { Knex } from 'knex';

import { addComments, runSql } from './ddl.ts';

/** Which events were scored since their alerts were last looked at: a run that is killed in between is made up for by the next one. */
export async function up(knex: Knex): Promise<void> {
  await runSql(knex, DUE);
  await addComments(knex, 'events', { columns: { alerts_due: 'scored since rules were last asked whether it raises an alert' } });
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'ALTER TABLE events DROP alerts_due');
}

const DUE = `
  ALTER TABLE events ADD alerts_due boolean NOT NULL DEFAULT false;
  CREATE INDEX idx_events_alerts_due ON events (started_at, id) WHERE alerts_due`;
