import type { Database } from '../../db/database.ts';
import { migrateToLatest, rollBack } from '../../db/migrate.ts';
import { UsageError } from '../../errors/hs-error.ts';

/** Applies pending migrations and returns their names, oldest first. */
export async function migrateDatabase(database: Database): Promise<string[]> {
  return migrateToLatest(database);
}

/** Takes back the newest migration, or all, with everything in their tables; only when that was confirmed. */
export async function rollBackDatabase(database: Database, options: { all: boolean; confirmed: boolean }): Promise<string[]> {
  if (options.confirmed) return rollBack(database, options);
  throw new UsageError('taking back migrations deletes what their tables and columns hold', {
    code: 'not_confirmed',
    hint: 'give --yes to do it',
  });
}
