import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showRule } from '../../services/rules/list-rules.ts';
import type { RuleRecord } from '../../services/rules/rule-record.ts';

export default class RulesShow extends HsCommand<typeof RulesShow> {
  static override summary = 'Show rules with everything they ask for.';
  static override examples = ['<%= config.bin %> rules show Loitering'];
  static override strict = false;
  static override args = {
    rule: Args.string({ description: 'name or id; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const names = await readWords(this.words);
    const records: RuleRecord[] = [];
    await this.withDatabase(async ({ knex }) => {
      for (const name of names) records.push(await showRule(knex, name));
    });
    await printRecords(records, { words: this.words, json: this.flags.json, terminal: this.stdout });
  }
}
