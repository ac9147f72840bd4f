import type { Knex } from 'knex';
import { listAlertRules, type AlertRuleRow } from '../../db/models/alert-rules.ts';
import { countAlertsByRule } from '../../db/queries/alerts.ts';
import { findNewestFootage } from '../../db/queries/cameras.ts';
import type { Severity } from '../../domain/enums.ts';
import { getRule } from './get-rule.ts';
import { toRuleRecord, type RuleRecord } from './rule-record.ts';

const THIRTY_DAYS_MS = 30 * 86_400_000;

export type RuleFilter = { severities?: readonly Severity[] | undefined; enabled?: boolean | undefined };

/** Rules in the order they are evaluated, each with how many alerts it raised in the last thirty days of footage. */
export async function listRules(knex: Knex, { severities, enabled }: RuleFilter = {}): Promise<RuleRecord[]> {
  const rows = (await listAlertRules(knex)).filter(
    (row) => (severities === undefined || severities.includes(row.severity)) && (enabled === undefined || row.enabled === enabled),
  );
  return withCounts(knex, rows);
}

/** Throws a usage error when there is no rule of that name or id. */
export async function showRule(knex: Knex, nameOrId: string): Promise<RuleRecord> {
  const [record] = await withCounts(knex, [await getRule(knex, nameOrId)]);
  if (record === undefined) throw new Error('the rule went away');
  return record;
}

async function withCounts(knex: Knex, rows: readonly AlertRuleRow[]): Promise<RuleRecord[]> {
  const until = (await findNewestFootage(knex)) ?? new Date();
  const counts = await countAlertsByRule(knex, { since: new Date(until.getTime() - THIRTY_DAYS_MS), until });
  return rows.map((row) => toRuleRecord(row, counts.get(row.id) ?? 0));
}
