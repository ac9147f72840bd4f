import type { Knex } from 'knex';

import type { AlertConditions, AlertSchedule } from '../../domain/alerts/alert-rule.ts';
import { SEVERITIES, type Severity } from '../../domain/enums.ts';

/** One row of `alert_rules`, as stored. */
export type AlertRuleRow = {
  id: string;
  name: string;
  description: string | null;
  enabled: boolean;
  /** Of the alerts it raises. */
  severity: Severity;
  risk_threshold: number | null;
  /** In this and the lists below null or empty means any. */
  object_types: string[] | null;
  camera_ids: string[] | null;
  zone_ids: string[] | null;
  min_confidence: number | null;
  /** Null means always. */
  schedule: AlertSchedule | null;
  dedup_key_template: string;
  /** 0 means none. */
  cooldown_seconds: number;
  /** Names of configured channels; empty means all. */
  channels: string[];
  conditions: AlertConditions | null;
  created_at: Date;
  updated_at: Date;
};

export type AlertRulePatch = Partial<Omit<AlertRuleRow, 'id' | 'created_at' | 'updated_at'>>;
export type NewAlertRule = Pick<AlertRuleRow, 'id' | 'name'> & AlertRulePatch;

const JSON_COLUMNS: readonly (keyof AlertRulePatch)[] = ['object_types', 'camera_ids', 'zone_ids', 'schedule', 'channels', 'conditions'];

export async function insertAlertRule(knex: Knex, rule: NewAlertRule): Promise<AlertRuleRow> {
  const [row] = await knex('alert_rules').insert(toColumns(rule)).returning<AlertRuleRow[]>('*');
  if (row === undefined) throw new Error('the alert rule was not inserted');
  return row;
}

export async function findAlertRule(knex: Knex, id: string): Promise<AlertRuleRow | undefined> {
  return knex<AlertRuleRow>('alert_rules').where({ id }).first();
}

/** In the order they are evaluated: the worst severity first, then by name. */
export async function listAlertRules(knex: Knex, options: { enabledOnly?: boolean } = {}): Promise<AlertRuleRow[]> {
  const query = knex<AlertRuleRow>('alert_rules').select('*');
  if (options.enabledOnly === true) void query.where('enabled', true);
  return query.orderByRaw('array_position(?::text[], severity) DESC, name, id', [[...SEVERITIES]]);
}

/** The changed row, or undefined when there is no such rule. */
export async function updateAlertRule(knex: Knex, id: string, patch: AlertRulePatch): Promise<AlertRuleRow | undefined> {
  if (Object.keys(patch).length === 0) return findAlertRule(knex, id);
  const [row] = await knex('alert_rules').where({ id }).update(toColumns(patch)).returning<AlertRuleRow[]>('*');
  return row;
}

/** Its alerts stay. False when there is no such rule. */
export async function deleteAlertRule(knex: Knex, id: string): Promise<boolean> {
  return (await knex('alert_rules').where({ id }).delete()) > 0;
}

function toColumns(patch: AlertRulePatch): Record<string, unknown> {
  const columns: Record<string, unknown> = { ...patch };
  for (const column of JSON_COLUMNS) {
    const value = patch[column];
    if (value !== undefined && value !== null) columns[column] = JSON.stringify(value);
  }
  return columns;
}
