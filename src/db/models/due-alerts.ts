import type { Knex } from 'knex';

/** An event whose alerts are to be looked at, as it was analysed then. */
export type DueEvent = { id: number; analyzed_at: Date | null };

/** Rules are to be asked about these events, in the transaction that rates them: nothing is forgotten when the run dies before they are. */
export async function markAlertsDue(trx: Knex.Transaction, eventIds: readonly number[]): Promise<void> {
  await trx('events')
    .whereRaw('id = ANY (?::bigint[])', [[...eventIds]])
    .where({ alerts_due: false })
    .update({ alerts_due: true });
}

/** In the order of footage. */
export async function findDueEvents(knex: Knex, limit: number): Promise<DueEvent[]> {
  return knex('events').where({ alerts_due: true }).orderBy(['started_at', 'id']).limit(limit).select<DueEvent[]>('id', 'analyzed_at');
}

/** One that was rated again meanwhile stays due. */
export async function clearDueEvents(knex: Knex, events: readonly DueEvent[]): Promise<void> {
  await knex.raw(
    `UPDATE events e SET alerts_due = false
       FROM unnest(?::bigint[], ?::timestamptz[]) AS d(id, analyzed_at)
      WHERE e.id = d.id AND e.alerts_due AND e.analyzed_at IS NOT DISTINCT FROM d.analyzed_at`,
    [events.map(({ id }) => id), events.map(({ analyzed_at: at }) => at?.toISOString() ?? null) as string[]],
  );
}
