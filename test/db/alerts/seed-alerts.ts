import type { Knex } from 'knex';
import { insertAlertRule, type NewAlertRule } from '../../../src/db/models/alert-rules.ts';
import { uuidV7 } from '../../../src/db/uuid-v7.ts';
import { evaluateAlerts, type AlertsOutcome } from '../../../src/services/alerts/evaluate-alerts.ts';

/** A friday. */
export const START = Date.parse('2026-01-16T10:00:00Z');

export const ZONES = { cameras: {} };

export async function makeRule(knex: Knex, more: Partial<NewAlertRule> = {}): Promise<string> {
  return (await insertAlertRule(knex, { id: uuidV7(), name: 'Night', ...more })).id;
}

/** An event that many seconds after `START`; its batch id tells it in whatever order it comes. */
export async function eventAt(knex: Knex, seconds: number, more: object = {}): Promise<number> {
  const at = new Date(START + Math.round(seconds * 1000));
  const batch_id = `front_door-${String(Math.round(seconds * 1000) + 1e9)}`;
  const scored = { risk_score: 70, risk_level: 'high', risk_source: 'rules' };
  const [row] = await knex('events')
    .insert({ camera_id: 'front_door', batch_id, started_at: at, ended_at: at, detection_count: 0, ...scored, ...more })
    .returning<{ id: number }[]>('id');
  return row!.id;
}

export async function evaluate(knex: Knex, eventIds: readonly number[]): Promise<AlertsOutcome> {
  return evaluateAlerts(knex, { eventIds, zones: ZONES });
}

/** What fired, by name of the rule and seconds after `START`, however ids were given. */
export async function firedAt(knex: Knex): Promise<string[]> {
  const rows = await knex('alerts as a')
    .join('alert_rules as r', 'r.id', 'a.rule_id')
    .join('events as e', 'e.id', 'a.event_id')
    .whereNot('a.status', 'dismissed')
    .orderBy(['r.name', 'a.occurred_at', 'e.batch_id'])
    .select<{ name: string; occurred_at: Date }[]>('r.name', 'a.occurred_at');
  return rows.map(({ name, occurred_at: at }) => `${name} ${String((at.getTime() - START) / 1000)}`);
}
