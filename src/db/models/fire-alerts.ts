import type { Knex } from 'knex';

import type { AlertCandidate, StandingAlert } from '../../domain/alerts/plan-alerts.ts';
import { storableJson } from '../../lib/storable-json.ts';
import { uuidV7 } from '../uuid-v7.ts';
import type { AlertRuleRow } from './alert-rules.ts';

/** Alerts that nobody was told of and nobody acted on: they may still be taken back. */
const NOT_FIXED = `a.status = 'pending' AND NOT coalesce(jsonb_exists(a.alert_metadata, 'attempts'), false)`;

/**
 * Rules stay as they are until the transaction ends, and one process at a time raises their alerts. Needs READ COMMITTED: each step
 * must see what was committed while it waited. In the order they are evaluated: the worst severity first, then by name.
 */
export async function lockAlertRules(trx: Knex.Transaction, ids?: readonly string[]): Promise<AlertRuleRow[]> {
  const query = trx<AlertRuleRow>('alert_rules').where({ enabled: true }).select('*').orderBy('id').forNoKeyUpdate();
  const rules = await (ids === undefined ? query : query.whereIn('id', [...ids]));
  const worst = ['critical', 'high', 'medium', 'low'];
  return rules.sort(
    (a, b) => worst.indexOf(a.severity) - worst.indexOf(b.severity) || compareText(a.name, b.name) || compareText(a.id, b.id),
  );
}

type StandingRow = {
  id: string;
  rule_id: string;
  event_id: number;
  batch_id: string;
  dedup_key: string;
  occurred_at: Date;
  is_fixed: boolean;
};

const STANDING = `SELECT a.id, a.rule_id, a.event_id, e.batch_id, a.dedup_key, a.occurred_at, NOT (${NOT_FIXED}) AS is_fixed
  FROM alerts a JOIN events e ON e.id = a.event_id`;

/**
 * Alerts of rules for these events, and those of the same key less than the cooldown before or after. Nobody delivers them until the
 * transaction ends. One that was dismissed because its rule no longer matched has given its key away and is not among them.
 */
export async function lockStandingAlerts(
  trx: Knex.Transaction,
  { ruleIds, eventIds, candidates }: { ruleIds: readonly string[]; eventIds: readonly number[]; candidates: readonly AlertCandidate[] },
): Promise<StandingAlert[]> {
  const own = await trx.raw<{ rows: StandingRow[] }>(
    `${STANDING} WHERE a.rule_id = ANY(?::uuid[]) AND a.event_id = ANY(?::bigint[]) AND ${STANDS} FOR UPDATE OF a`,
    [[...ruleIds], [...eventIds]],
  );
  const spans = spansOf(candidates);
  const near = await trx.raw<{ rows: StandingRow[] }>(
    `${STANDING} WHERE ${STANDS} AND a.id IN (
       SELECT n.id FROM unnest(?::uuid[], ?::text[], ?::timestamptz[], ?::timestamptz[]) AS u(rule_id, dedup_key, since, until)
         JOIN alerts n ON n.rule_id = u.rule_id AND n.dedup_key = u.dedup_key AND n.occurred_at > u.since AND n.occurred_at < u.until)
     FOR UPDATE OF a`,
    [
      spans.map(({ ruleId }) => ruleId),
      spans.map(({ dedupKey }) => dedupKey),
      spans.map(({ fromMs }) => new Date(fromMs).toISOString()),
      spans.map(({ untilMs }) => new Date(untilMs).toISOString()),
    ],
  );
  const byId = new Map([...own.rows, ...near.rows].map((row) => [row.id, row]));
  return [...byId.values()].map(toStanding);
}

type KeySpan = Pick<AlertCandidate, 'ruleId' | 'dedupKey'> & { fromMs: number; untilMs: number };

/** Of each rule and key all the time in which an alert is near one of its candidates. */
function spansOf(candidates: readonly AlertCandidate[]): KeySpan[] {
  const spans = new Map<string, KeySpan>();
  for (const { ruleId, dedupKey, occurredAtMs, cooldownMs } of candidates) {
    const key = `${ruleId} ${dedupKey}`;
    const [fromMs, untilMs] = [occurredAtMs - cooldownMs, occurredAtMs + cooldownMs];
    const known = spans.get(key);
    if (known === undefined) spans.set(key, { ruleId, dedupKey, fromMs, untilMs });
    else Object.assign(known, { fromMs: Math.min(known.fromMs, fromMs), untilMs: Math.max(known.untilMs, untilMs) });
  }
  return [...spans.values()];
}

const STANDS = `coalesce(a.alert_metadata ->> 'dismissed_reason', '') <> 'no_longer_matches'`;

function toStanding(row: StandingRow): StandingAlert {
  return {
    id: row.id,
    ruleId: row.rule_id,
    eventId: row.event_id,
    batchId: row.batch_id,
    dedupKey: row.dedup_key,
    occurredAtMs: row.occurred_at.getTime(),
    isFixed: row.is_fixed,
  };
}

/** An alert to store: what fired it, and what is kept beside it. */
export type AlertToStore = AlertCandidate & Pick<AlertRuleRow, 'severity' | 'channels'> & { metadata: Record<string, unknown> };

/** Stores alerts and returns how many; one that a writer who skipped the lock was faster with is left out (schema §4.3). */
export async function insertAlerts(trx: Knex.Transaction, alerts: readonly AlertToStore[]): Promise<number> {
  if (alerts.length === 0) return 0;
  // What was dismissed by itself makes room for the alert of the same event, now that the rule matches again.
  await trx.raw(
    `DELETE FROM alerts a USING unnest(?::uuid[], ?::bigint[]) AS u(rule_id, event_id)
      WHERE a.rule_id = u.rule_id AND a.event_id = u.event_id AND NOT (${STANDS})`,
    [alerts.map(({ ruleId }) => ruleId), alerts.map(({ eventId }) => eventId)],
  );
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `INSERT INTO alerts (id, event_id, rule_id, severity, channels, dedup_key, alert_metadata, occurred_at, cooldown_seconds)
     SELECT id, event_id, rule_id, severity, channels, dedup_key, alert_metadata, occurred_at, cooldown_seconds
       FROM jsonb_to_recordset(?::jsonb) AS u(id uuid, event_id bigint, rule_id uuid, severity text, channels jsonb, dedup_key text,
            alert_metadata jsonb, occurred_at timestamptz, cooldown_seconds int)
     ON CONFLICT DO NOTHING`,
    [storableJson(alerts.map(toRow))],
  );
  return rowCount;
}

function toRow(alert: AlertToStore): Record<string, unknown> {
  return {
    id: uuidV7(),
    event_id: alert.eventId,
    rule_id: alert.ruleId,
    severity: alert.severity,
    channels: alert.channels,
    dedup_key: alert.dedupKey,
    alert_metadata: alert.metadata,
    occurred_at: new Date(alert.occurredAtMs).toISOString(),
    cooldown_seconds: alert.cooldownMs / 1000,
  };
}

/** Takes alerts back that nobody was told of. */
export async function withdrawAlerts(trx: Knex.Transaction, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await trx.raw(`DELETE FROM alerts a WHERE a.id = ANY(?::uuid[]) AND ${NOT_FIXED}`, [[...ids]]);
}

/**
 * Dismisses alerts nobody was told of, because their rule no longer matches the event. The key is set aside, so that they stand in
 * the way of no other alert.
 */
export async function dismissUnmatchedAlerts(trx: Knex.Transaction, ids: readonly string[]): Promise<number> {
  if (ids.length === 0) return 0;
  const { rowCount } = await trx.raw<{ rowCount: number }>(
    `UPDATE alerts a
        SET status = 'dismissed', dedup_key = ${setAside('a', 'no_longer_matches')},
            alert_metadata = coalesce(a.alert_metadata, '{}') || jsonb_build_object('dismissed_reason', 'no_longer_matches', 'dedup_key', a.dedup_key)
      WHERE a.id = ANY(?::uuid[]) AND ${NOT_FIXED}`,
    [[...ids]],
  );
  return rowCount;
}

/** A key of its own for an alert, as far as possible made of the old one. */
function setAside(table: string, why: string): string {
  return `left(${table}.dedup_key, 200) || ':${why}:' || ${table}.event_id`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
