import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { HOUSEHOLD_COLUMNS, HOUSEHOLD_LIST_COLUMNS } from '../../services/households/household-record.ts';
import { listHouseholds } from '../../services/households/list-households.ts';

export default class HouseholdsList extends HsCommand<typeof HouseholdsList> {
  static override summary = 'List households with how many people and vehicles belong to them.';
  static override examples = ['<%= config.bin %> households list', '<%= config.bin %> households list --json'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      const rows = await listHouseholds(knex);
      const columns = recordColumns(HOUSEHOLD_COLUMNS, HOUSEHOLD_LIST_COLUMNS);
      const options = { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout };
      await printList(rows, { ...options, emptyText: 'no households' });
    });
  }
}
