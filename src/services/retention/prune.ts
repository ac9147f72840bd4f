import type { Database } from '../../db/database.ts';
import { dropExpiredMonths, type PrunedMonth, type PruneOptions } from './drop-expired-months.ts';
import { pruneLooks, refuseMostLooks, type PrunedLooks } from './prune-looks.ts';

/** Removes what is over age (§10.13). Throws UsageError, before anything goes, when more than half of something would go without `force`. */
export async function prune(database: Database, options: PruneOptions): Promise<{ months: PrunedMonth[]; looks: PrunedLooks }> {
  await refuseMostLooks(database.knex, options);
  return { months: await dropExpiredMonths(database, options), looks: await pruneLooks(database, options) };
}
