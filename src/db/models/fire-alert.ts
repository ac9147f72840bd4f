import type { Knex } from 'knex';

import type { Severity } from '../../domain/enums.ts';
import { uuidV7 } from '../uuid-v7.ts';
import type { AlertRow } from './alerts.ts';

export type AlertToFire = { ruleId: string; eventId: number; dedupKey: string; metadata?: Record<string, unknown> };

/** `by` is the alert that stands in the way. */
export type FiredAlert =
  | { fired: true; alert: AlertRow }
  | { fired: false; reason: 'already_fired' | 'cooldown'; by: string | null }
  | { fired: false; reason: 'rule_gone' | 'event_gone' };

type LockedRule = { severity: Severity; channels: string[]; cooldown_seconds: number; occurred_at: Date | null };

/**
 * Raises the alert of a rule for an event, once per rule, key and cooldown. The rule stays locked until the transaction ends, so
 * that one process at a time decides about it. The cooldown counts footage time before and after: footage that arrives late is
 * suppressed as well, a distance equal to the cooldown fires. Needs READ COMMITTED: each step must see what was committed while
 * it waited for the lock.
 */
export async function fireAlert(trx: Knex.Transaction, wanted: AlertToFire): Promise<FiredAlert> {
  const rule = await lockRule(trx, wanted);
  if (rule === undefined) return { fired: false, reason: 'rule_gone' };
  if (rule.occurred_at === null) return { fired: false, reason: 'event_gone' };
  const earlier = await findInTheWay(trx, wanted, { at: rule.occurred_at, cooldownSeconds: rule.cooldown_seconds });
  if (earlier !== undefined) {
    return { fired: false, reason: earlier.event_id === wanted.eventId ? 'already_fired' : 'cooldown', by: earlier.id };
  }
  const alert = await insertAlert(trx, wanted, { ...rule, occurred_at: rule.occurred_at });
  return alert === undefined ? { fired: false, reason: 'already_fired', by: null } : { fired: true, alert };
}

async function lockRule(trx: Knex.Transaction, wanted: AlertToFire): Promise<LockedRule | undefined> {
  const { rows } = await trx.raw<{ rows: LockedRule[] }>(
    `SELECT r.severity, r.channels, r.cooldown_seconds, e.started_at AS occurred_at
       FROM alert_rules r LEFT JOIN events e ON e.id = ?
      WHERE r.id = ? FOR NO KEY UPDATE OF r`,
    [wanted.eventId, wanted.ruleId],
  );
  return rows[0];
}

/** The rule's alert for the same event, else one with the same key less than the cooldown away. */
async function findInTheWay(
  trx: Knex.Transaction,
  { ruleId, eventId, dedupKey }: AlertToFire,
  { at, cooldownSeconds }: { at: Date; cooldownSeconds: number },
): Promise<Pick<AlertRow, 'id' | 'event_id'> | undefined> {
  const { rows } = await trx.raw<{ rows: Pick<AlertRow, 'id' | 'event_id'>[] }>(
    `SELECT id, event_id FROM (
       SELECT id, event_id, occurred_at, 1 AS turn FROM alerts WHERE rule_id = ? AND event_id = ?
       UNION ALL
       SELECT id, event_id, occurred_at, 2 FROM alerts
        WHERE rule_id = ? AND dedup_key = ?
          AND occurred_at > ?::timestamptz - make_interval(secs => ?)
          AND occurred_at < ?::timestamptz + make_interval(secs => ?)) AS found
      ORDER BY turn, occurred_at, id LIMIT 1`,
    [ruleId, eventId, ruleId, dedupKey, at, cooldownSeconds, at, cooldownSeconds],
  );
  return rows[0];
}

/** Undefined when a writer that did not take the lock was faster. */
async function insertAlert(
  trx: Knex.Transaction,
  wanted: AlertToFire,
  rule: LockedRule & { occurred_at: Date },
): Promise<AlertRow | undefined> {
  const [alert] = await trx('alerts')
    .insert({
      id: uuidV7(),
      event_id: wanted.eventId,
      rule_id: wanted.ruleId,
      severity: rule.severity,
      channels: JSON.stringify(rule.channels),
      dedup_key: wanted.dedupKey,
      alert_metadata: wanted.metadata === undefined ? null : JSON.stringify(wanted.metadata),
      occurred_at: rule.occurred_at,
      cooldown_seconds: rule.cooldown_seconds,
    })
    .onConflict()
    .ignore()
    .returning<AlertRow[]>('*');
  return alert;
}
