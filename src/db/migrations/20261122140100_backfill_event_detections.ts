import type { Knex } from 'knex';

import { backfillEventDetections, type BackfillTotals } from '../backfill-event-detections.ts';

/** Only for databases whose events were written before event_detections existed. */
export async function up(knex: Knex): Promise<void> {
  const totals = await knex.transaction(backfillEventDetections);
  if (totals.linked + totals.events_with_problems > 0) (knex.client as LoggingClient).logger.warn(toText(totals));
}

/** The texts it read are still there. */
export async function down(): Promise<void> {
  await Promise.resolve();
}

/** What the owner of the connection does with remarks: commands print them on stderr. */
type LoggingClient = { logger: { warn(message: string): void } };

function toText({ events, linked, events_with_problems: bad, problems }: BackfillTotals): string {
  const counts = Object.entries(problems).map(([code, times]) => `${code} ${String(times)}`);
  const trouble = bad === 0 ? 'all could be read' : `${String(bad)} with problems (${counts.join(', ')}), see: hs logs list`;
  return `event_detections filled from the texts of ${String(events)} events: ${String(linked)} rows; ${trouble}`;
}
