import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { exportRules } from '../../services/rules/import-rules.ts';

export default class RulesExport extends HsCommand<typeof RulesExport> {
  static override summary = 'Write all rules as YAML or JSON that `hs rules import` reads.';
  static override examples = ['<%= config.bin %> rules export --out rules.yaml', '<%= config.bin %> rules export --format json'];
  static override flags = {
    format: Flags.option({ summary: 'By default json for a file that ends in .json, else yaml.', options: ['yaml', 'json'] as const })(),
    out: Flags.string({ summary: 'File to write; standard output without it, or with -.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { format, out, json } = this.flags;
    const options = { format: json ? ('json' as const) : format, out, folder: process.cwd() };
    const { text, count, path } = await this.withDatabase(({ knex }) => exportRules(knex, options));
    if (path === undefined) await this.print(text);
    else this.note(`${String(count)} ${count === 1 ? 'rule' : 'rules'} written to ${path}`);
  }
}
