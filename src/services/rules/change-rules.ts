import type { Knex } from 'knex';
import { UsageError } from '../../errors/hs-error.ts';
import { checkedName } from '../lists/checked-name.ts';
import type { ColumnChange } from '../lists/changed-columns.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { getRule, lockRuleNames } from './get-rule.ts';
import { toRulePatch, type RuleChanges, type RuleSettings } from './rule-changes.ts';
import { toRuleRecord, type RuleRecord } from './rule-record.ts';
import { changeRule, createRule, removeRule } from './write-rule.ts';

type Act = { actor: string; /** Everything is checked, nothing is kept. */ dryRun: boolean };

/** Adds a rule. Throws a usage error for a name that is taken and for anything that is not known. */
export async function addRule(
  knex: Knex,
  options: Act & { name: string; changes: Omit<RuleChanges, 'name'>; settings: RuleSettings },
): Promise<RuleRecord> {
  const name = checkedName(options.name, 'a rule');
  return inTransaction(knex, options, async (trx) => {
    await lockRuleNames(trx);
    const patch = await toRulePatch(trx, options.changes, { settings: options.settings });
    return toRuleRecord(await createRule(trx, { ...patch, name }, options.actor), 0);
  });
}

/** Changes a rule and returns what really changed. */
export async function setRule(
  knex: Knex,
  options: Act & { rule: string; changes: RuleChanges; settings: RuleSettings },
): Promise<ColumnChange[]> {
  const { changes, settings, actor } = options;
  if (Object.values(changes).every((value) => value === undefined)) {
    throw new UsageError('nothing says what to change', { hint: 'give --threshold, --types, --disable or another flag' });
  }
  return inTransaction(knex, options, async (trx) => {
    await lockRuleNames(trx);
    const stored = await getRule(trx, options.rule);
    const patch = await toRulePatch(trx, changes, { settings, stored });
    const name = changes.name === undefined ? {} : { name: checkedName(changes.name, 'a rule') };
    return changeRule(trx, stored, { patch: { ...patch, ...name }, actor });
  });
}

/** Deletes a rule; its alerts stay. */
export async function deleteRule(knex: Knex, options: Act & { rule: string }): Promise<{ id: string; name: string }> {
  return inTransaction(knex, options, async (trx) => {
    await lockRuleNames(trx);
    const row = await getRule(trx, options.rule);
    await removeRule(trx, row, options.actor);
    return { id: row.id, name: row.name };
  });
}
