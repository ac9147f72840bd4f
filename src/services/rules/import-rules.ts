import type { Knex } from 'knex';
import { listAlertRules } from '../../db/models/alert-rules.ts';
import { UsageError } from '../../errors/hs-error.ts';
import { writeAtomically } from '../../lib/write-atomically.ts';
import { resolveTarget } from '../export/export-target.ts';
import { inTransaction } from '../lists/in-transaction.ts';
import { lockRuleNames } from './get-rule.ts';
import { toRulePatch, type RuleSettings } from './rule-changes.ts';
import { parseRuleFile, toRuleFile, type RuleEntry } from './rule-file.ts';
import { changeRule, createRule } from './write-rule.ts';

export type ImportedRule = { id: string; name: string; result: 'added' | 'changed' | 'unchanged' };

export type ImportRulesOptions = { text: string; actor: string; dryRun: boolean; settings: RuleSettings };

/**
 * Adds the rules of a file, or changes those of the same name, all of them or none: the first entry that is wrong is named in the
 * error. Rules that the file does not name stay.
 */
export async function importRules(knex: Knex, options: ImportRulesOptions): Promise<ImportedRule[]> {
  const entries = parseRuleFile(options.text);
  return inTransaction(knex, options, async (trx) => {
    await lockRuleNames(trx);
    const imported: ImportedRule[] = [];
    for (const entry of entries) imported.push(await importRule(trx, entry, options));
    return imported;
  });
}

async function importRule(trx: Knex.Transaction, entry: RuleEntry, { settings, actor }: ImportRulesOptions): Promise<ImportedRule> {
  const { name } = entry;
  const patch = await named(entry, () => toRulePatch(trx, entry.changes, { settings }));
  const stored = (await listAlertRules(trx)).find((rule) => rule.name === name);
  if (stored === undefined) return { id: (await createRule(trx, { ...patch, name }, actor)).id, name, result: 'added' };
  const changes = await changeRule(trx, stored, { patch, actor });
  return { id: stored.id, name, result: changes.length === 0 ? 'unchanged' : 'changed' };
}

/** Says of which entry an error is. */
async function named<Result>(entry: RuleEntry, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    const { code, hint } = error;
    throw new UsageError(`${entry.place}: ${error.message}`, { code, ...(hint === undefined ? {} : { hint }) });
  }
}

export type ExportRulesOptions = { format: 'yaml' | 'json' | undefined; out: string | undefined; folder: string };

/** All rules as a file that `importRules` reads; written when `out` names one. */
export async function exportRules(
  knex: Knex,
  { format, out = '-', folder }: ExportRulesOptions,
): Promise<{ text: string; count: number; path: string | undefined }> {
  const chosen = format ?? (out.endsWith('.json') ? 'json' : 'yaml');
  const target = await resolveTarget({ out, folder, type: 'rules', suffix: chosen, at: new Date() });
  const rows = await listAlertRules(knex);
  const text = toRuleFile(rows, chosen);
  if (target.kind === 'file') await writeAtomically(target.path, [text]);
  return { text, count: rows.length, path: target.kind === 'file' ? target.path : undefined };
}
