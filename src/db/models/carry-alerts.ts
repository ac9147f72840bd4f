import type { Knex } from 'knex';

import { storableJson } from '../../lib/storable-json.ts';
import type { AlertRow } from './alerts.ts';

type CarriedAlert = AlertRow & { is_fixed: boolean };

/** Alerts taken out of the table while their events change; nobody else sees them gone. */
export type CarriedAlerts = readonly CarriedAlert[];

/** Takes the alerts of events out, before the events move in time or are absorbed by another one. */
export async function takeAlerts(trx: Knex.Transaction, eventIds: readonly number[]): Promise<CarriedAlerts> {
  if (eventIds.length === 0) return [];
  const { rows } = await trx.raw<{ rows: CarriedAlert[] }>(
    `DELETE FROM alerts WHERE event_id = ANY(?::bigint[])
     RETURNING *, status <> 'pending' OR coalesce(jsonb_exists(alert_metadata, 'attempts'), false) AS is_fixed`,
    [[...eventIds]],
  );
  return rows;
}

/**
 * Puts them back: each at the time its event has now, those of an absorbed event at the event that took it over. Where an alert
 * nobody was told of would come too close to another one it is left out, and evaluating its event decides anew. One that somebody was
 * told of always stays: too close to another one it gets a key of its own, beside another one of the same rule it loses the rule.
 */
export async function putBackAlerts(
  trx: Knex.Transaction,
  alerts: CarriedAlerts,
  absorbed: readonly { id: number; byId: number }[],
): Promise<void> {
  const takenBy = new Map(absorbed.map(({ id, byId }) => [id, byId]));
  const inOrder = alerts.toSorted((a, b) => rankOf(a, takenBy) - rankOf(b, takenBy) || (a.id < b.id ? -1 : 1));
  for (const alert of inOrder) {
    const into = takenBy.get(alert.event_id);
    const moved = { ...alert, event_id: into ?? alert.event_id, ...(into === undefined ? {} : absorbedFrom(alert)) };
    if ((await putBack(trx, moved)) || !alert.is_fixed) continue;
    const ownKey = `${alert.dedup_key.slice(0, 200)}:moved:${alert.id.slice(-12)}`;
    if (await putBack(trx, { ...moved, dedup_key: ownKey })) continue;
    await putBack(trx, { ...moved, rule_id: null, alert_metadata: { ...moved.alert_metadata, rule_id: alert.rule_id } });
  }
}

/** Those somebody was told of first, and of them those of the event itself. */
function rankOf({ is_fixed: isFixed, event_id: eventId }: CarriedAlert, takenBy: ReadonlyMap<number, number>): number {
  return (isFixed ? 0 : 2) + (takenBy.has(eventId) ? 1 : 0);
}

function absorbedFrom({ alert_metadata: metadata, event_id: eventId }: CarriedAlert): { alert_metadata: Record<string, unknown> } {
  return { alert_metadata: { ...metadata, absorbed_event_id: eventId } };
}

/** False when it would break a rule of the table, or come closer than the cooldown to an alert of the same rule and key. */
async function putBack(trx: Knex.Transaction, alert: AlertRow): Promise<boolean> {
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `INSERT INTO alerts
     SELECT (jsonb_populate_record(NULL::alerts, ?::jsonb || jsonb_build_object('occurred_at', e.started_at))).*
       FROM events e
      WHERE e.id = ? AND NOT EXISTS (
        SELECT FROM alerts o
         WHERE o.rule_id = ? AND o.dedup_key = ? AND abs(extract(epoch FROM o.occurred_at - e.started_at)) < ?)
     ON CONFLICT DO NOTHING`,
    [storableJson(alert), alert.event_id, alert.rule_id, alert.dedup_key, alert.cooldown_seconds],
  );
  return rowCount > 0;
}
