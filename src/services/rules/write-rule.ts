import type { Knex } from 'knex';
import { deleteAlertRule, insertAlertRule, updateAlertRule, type AlertRulePatch, type AlertRuleRow } from '../../db/models/alert-rules.ts';
import { insertAuditLog } from '../../db/models/audit-logs.ts';
import { uuidV7 } from '../../db/uuid-v7.ts';
import { changedColumns, type ColumnChange } from '../lists/changed-columns.ts';
import { assertRuleNameIsFree } from './get-rule.ts';

/** Adds a rule and records that. */
export async function createRule(trx: Knex.Transaction, rule: AlertRulePatch & { name: string }, actor: string): Promise<AlertRuleRow> {
  await assertRuleNameIsFree(trx, rule.name);
  const row = await insertAlertRule(trx, { id: uuidV7(), ...rule });
  await insertAuditLog(trx, {
    action: 'rule_created',
    resource_type: 'alert_rule',
    resource_id: row.id,
    actor,
    details: { created: rule },
  });
  return row;
}

/** Changes a rule, records what really changed, and returns that. */
export async function changeRule(
  trx: Knex.Transaction,
  row: AlertRuleRow,
  { patch, actor }: { patch: AlertRulePatch; actor: string },
): Promise<ColumnChange[]> {
  const changes = changedColumns(row, patch);
  if (changes.length === 0) return [];
  if (patch.name !== undefined && patch.name !== row.name) await assertRuleNameIsFree(trx, patch.name);
  await updateAlertRule(trx, row.id, patch);
  await insertAuditLog(trx, {
    action: 'rule_updated',
    resource_type: 'alert_rule',
    resource_id: row.id,
    actor,
    details: { name: row.name, changes },
  });
  return changes;
}

/** Deletes a rule and records what it was. Its alerts stay. */
export async function removeRule(trx: Knex.Transaction, row: AlertRuleRow, actor: string): Promise<void> {
  const { id, ...deleted } = row;
  await insertAuditLog(trx, { action: 'rule_deleted', resource_type: 'alert_rule', resource_id: id, actor, details: { deleted } });
  await deleteAlertRule(trx, id);
}
