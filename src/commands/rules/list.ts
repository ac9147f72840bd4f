import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listRules } from '../../services/rules/list-rules.ts';
import { RULE_COLUMNS, RULE_LIST_COLUMNS } from '../../services/rules/rule-record.ts';

export default class RulesList extends HsCommand<typeof RulesList> {
  static override summary = 'List rules in the order they are evaluated, with their alerts in the last thirty days of footage.';
  static override examples = ['<%= config.bin %> rules list', '<%= config.bin %> rules list --json'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const { columns: wanted } = this.flags;
    const rows = await this.withDatabase(({ knex }) => listRules(knex));
    const columns = recordColumns(RULE_COLUMNS, RULE_LIST_COLUMNS);
    await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no rules' });
  }
}
