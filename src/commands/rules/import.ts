import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readTextFile } from '../../cli/read-text.ts';
import { importRules, type ImportedRule } from '../../services/rules/import-rules.ts';

const COLUMNS: Column<ImportedRule>[] = (['id', 'name', 'result'] as const).map((key) => ({ key, value: (rule) => rule[key] }));

export default class RulesImport extends HsCommand<typeof RulesImport> {
  static override summary = 'Add or change rules from a YAML or JSON file, all of them or none.';
  static override description =
    'The file is one that `hs rules export` wrote. Rules are told by their name; what an entry leaves out is as in a new rule. Rules that the file does not name stay.';
  static override examples = ['<%= config.bin %> rules import rules.yaml --dry-run'];
  static override args = { file: Args.string({ description: 'file to read, - for standard input', required: true }) };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const { settings } = this;
    const text = await readTextFile(this.args.file);
    const options = { text, actor: actorName(settings.actor), dryRun, settings };
    const rules = await this.withDatabase(({ knex }) => importRules(knex, options));
    const format = json ? 'json' : 'table';
    await printList(rules, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'no rules in the file' });
    if (dryRun) this.note('nothing was changed');
  }
}
