import type { Knex } from 'knex';

import { runSql } from './ddl.ts';

/** For tables with updated_at; each one makes its own trigger with touchTrigger() of ddl.ts. */
export async function up(knex: Knex): Promise<void> {
  await runSql(
    knex,
    `CREATE FUNCTION touch_updated_at() RETURNS trigger LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
     BEGIN
       NEW.updated_at := now();
       RETURN NEW;
     END $$`,
  );
}

export async function down(knex: Knex): Promise<void> {
  await runSql(knex, 'DROP FUNCTION touch_updated_at()');
}
