import { findNextDue } from '../../domain/schedule/next-due.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { readCron } from './read-cron.ts';

/** The first time after an instant at which a schedule is due. Throws UsageError for one that never is. */
export function nextDue({ cron, time_zone: zone }: { cron: string; time_zone: string }, after: Date): Date {
  const atMs = findNextDue(readCron(cron).fields, { zone, afterMs: after.getTime() });
  if (atMs === undefined) throw new UsageError(`--cron ${JSON.stringify(cron)} is never due`);
  return new Date(atMs);
}
