import { UsageError } from '../../errors/hs-error.ts';
import type { PlannedTable } from './plan-prune.ts';

const MOST_SHARE = 0.5;

/** They go with their events, which are counted. */
const NOT_COUNTED = 'clips';

/** Throws UsageError when more than half of any table, or of the originals, would go. */
export function refuseMost(tables: readonly PlannedTable[]): void {
  const most = tables.filter(({ table, rows, goes }) => table !== NOT_COUNTED && goes > rows * MOST_SHARE);
  if (most.length === 0) return;
  const named = most.map(({ table, goes, rows }) => `${String(goes)} of ${String(rows)} ${table.replaceAll('_', ' ')}`);
  throw new UsageError(`${named.join(', ')} would go, more than half`, {
    code: 'prune_too_much',
    hint: 'look at it without --apply; give --force to do it all the same, or --table to remove only the others',
  });
}
