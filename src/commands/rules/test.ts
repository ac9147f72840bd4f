import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { RULE_TEST_COLUMNS, RULE_TEST_LIST_COLUMNS, testRule } from '../../services/rules/test-rule.ts';

export default class RulesTest extends HsCommand<typeof RulesTest> {
  static override summary = 'Say what a rule would have done about stored events, and which condition failed; writes nothing.';
  static override description =
    'In the order of footage: `alert`, `suppressed` by the cooldown, or `miss` with the first condition that does not hold. Alerts that are there already do not matter.';
  static override examples = [
    '<%= config.bin %> rules test Loitering --since 7d',
    '<%= config.bin %> rules test Loitering --since 2026-01-14 --matches --csv',
  ];
  static override args = { rule: Args.string({ description: 'name or id', required: true }) };
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ...footageFlags,
    matches: Flags.boolean({ summary: 'Leave out the misses.', default: false }),
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, matches: matchesOnly, columns: wanted } = this.flags;
    const options = { rule: this.args.rule, scope: { since, until, cameras }, zones: this.settings, matchesOnly };
    await this.withDatabase(async ({ knex }) => {
      const rows = await testRule(knex, options);
      const columns = recordColumns(RULE_TEST_COLUMNS, RULE_TEST_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no events' });
    });
  }
}
