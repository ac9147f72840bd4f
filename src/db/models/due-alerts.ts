import type { Knex } from 'knex';

/** One row of `due_alerts`, as stored: an event whose alerts are to be looked at. */
export type DueAlertRow = { event_id: number; marked_at: Date };

/** Rules are to be asked about these events, in the transaction that rates them: nothing is forgotten when the run dies before they are. */
export async function markAlertsDue(trx: Knex.Transaction, eventIds: readonly number[]): Promise<void> {
  await trx.raw(
    `INSERT INTO due_alerts (event_id) SELECT id FROM unnest(?::bigint[]) AS u(id) ORDER BY id
     ON CONFLICT (event_id) DO UPDATE SET marked_at = clock_timestamp()`,
    [[...eventIds]],
  );
}

export async function findDueAlerts(knex: Knex, limit: number): Promise<DueAlertRow[]> {
  return knex<DueAlertRow>('due_alerts').orderBy('event_id').limit(limit);
}

/** One that was marked again meanwhile stays due. */
export async function clearDueAlerts(knex: Knex, due: readonly DueAlertRow[]): Promise<void> {
  await knex.raw(
    `DELETE FROM due_alerts d USING unnest(?::bigint[], ?::timestamptz[]) AS u(event_id, marked_at)
      WHERE d.event_id = u.event_id AND d.marked_at = u.marked_at`,
    [due.map(({ event_id: id }) => id), due.map(({ marked_at: at }) => at.toISOString())],
  );
}
