import type { Knex } from 'knex';

import { clearDueEvents, findDueEvents } from '../../db/models/due-alerts.ts';
import type { ZoneSettings } from '../cameras/camera-zone.ts';
import { evaluateAlerts, type AlertsOutcome } from './evaluate-alerts.ts';

/** Ids of so many events are in memory at once; a rule locks no longer than for a page of them. */
const EVENTS_AT_ONCE = 5_000;

/** Raises and takes back the alerts of all events that were rated since somebody last did, also of runs that were killed. */
export async function settleAlerts(knex: Knex, options: { zones: ZoneSettings; signal: AbortSignal }): Promise<AlertsOutcome> {
  const total = { created: 0, suppressed: 0, dismissed: 0 };
  while (!options.signal.aborted) {
    const events = await findDueEvents(knex, EVENTS_AT_ONCE);
    if (events.length === 0) break;
    const outcome = await evaluateAlerts(knex, { eventIds: events.map(({ id }) => id), zones: options.zones });
    await clearDueEvents(knex, events);
    total.created += outcome.created;
    total.suppressed += outcome.suppressed;
    total.dismissed += outcome.dismissed;
  }
  return total;
}
