import type { Knex } from 'knex';

import { storableJson } from '../../lib/storable-json.ts';

/** One try to tell somebody of an alert. */
export type DeliveryAttempt = { channel: string; at: string; ok: boolean; error?: string };

const KEPT_ATTEMPTS = 50;

/** Notes that telling begins: from now on the alert is not taken back. False when it is gone, or somebody dealt with it. */
export async function beginDelivery(knex: Knex, id: string): Promise<boolean> {
  const changed = await knex('alerts')
    .where({ id, status: 'pending' })
    .update({
      alert_metadata: knex.raw(`jsonb_build_object('attempts', '[]'::jsonb) || coalesce(alert_metadata, '{}') - 'suppressed_by'`),
    });
  return changed > 0;
}

/** Notes how a try went; the first channel that took it makes the alert delivered. */
export async function recordAttempt(knex: Knex, id: string, attempt: DeliveryAttempt): Promise<void> {
  await knex.raw(
    `UPDATE alerts
        SET status = CASE WHEN :ok AND status = 'pending' THEN 'delivered' ELSE status END,
            delivered_at = CASE WHEN :ok AND status = 'pending' THEN now() ELSE delivered_at END,
            alert_metadata = jsonb_set(coalesce(alert_metadata, '{}'), '{attempts}', (
              SELECT coalesce(jsonb_agg(t.value ORDER BY t.place), '[]')
                FROM jsonb_array_elements(coalesce(alert_metadata -> 'attempts', '[]') || :attempt::jsonb) WITH ORDINALITY AS t(value, place)
               WHERE t.place > jsonb_array_length(coalesce(alert_metadata -> 'attempts', '[]')) + 1 - :kept))
      WHERE id = :id`,
    { id, ok: attempt.ok, attempt: storableJson(attempt), kept: KEPT_ATTEMPTS },
  );
}

/** Why nobody is told of alerts. */
export type HeldAlert = { id: string; reasons: readonly string[] };

/** Keeps with pending alerts why nobody is told of them. */
export async function holdAlerts(knex: Knex, held: readonly HeldAlert[]): Promise<void> {
  if (held.length === 0) return;
  await knex.raw(
    `UPDATE alerts a SET alert_metadata = coalesce(a.alert_metadata, '{}') || jsonb_build_object('suppressed_by', u.reasons)
       FROM jsonb_to_recordset(?::jsonb) AS u(id uuid, reasons jsonb)
      WHERE a.id = u.id AND a.status = 'pending' AND a.alert_metadata -> 'suppressed_by' IS DISTINCT FROM u.reasons`,
    [storableJson(held)],
  );
}
