import type { Knex } from 'knex';
import { listAlertRules, type AlertRuleRow } from '../../db/models/alert-rules.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { findNamed } from '../lists/find-named.ts';

/** The rule of that name or id. Throws a usage error when there is none. */
export async function getRule(knex: Knex, nameOrId: string): Promise<AlertRuleRow> {
  return findNamed(await listAlertRules(knex), nameOrId, { what: 'rule', listCommand: 'hs rules list' });
}

/** Rules by these names or ids. */
export async function getRuleIds(knex: Knex, wanted: readonly string[] | undefined): Promise<string[] | undefined> {
  if (wanted === undefined) return undefined;
  const ids: string[] = [];
  for (const word of wanted) ids.push((await getRule(knex, word)).id);
  return ids;
}

/** Names tell rules apart: nobody else adds or renames one until the transaction ends. */
export async function lockRuleNames(trx: Knex.Transaction): Promise<void> {
  await trx.raw('LOCK TABLE alert_rules IN SHARE ROW EXCLUSIVE MODE');
}

/** Throws a usage error when another rule has the name. */
export async function assertRuleNameIsFree(trx: Knex.Transaction, name: string): Promise<void> {
  if (!(await listAlertRules(trx)).some((rule) => rule.name === name)) return;
  throw new UsageError(`there is a rule ${JSON.stringify(name)} already`, { code: 'rule_conflict', hint: 'change it with: hs rules set' });
}
