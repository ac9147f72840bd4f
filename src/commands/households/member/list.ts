import { householdFlag } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../../cli/list-flags.ts';
import { printList } from '../../../cli/print-list.ts';
import { recordColumns } from '../../../cli/record-columns.ts';
import { MEMBER_COLUMNS, MEMBER_LIST_COLUMNS } from '../../../services/households/household-record.ts';
import { listMembers } from '../../../services/households/list-households.ts';

export default class HouseholdsMemberList extends HsCommand<typeof HouseholdsMemberList> {
  static override summary = 'List the members of households; `pictures` is how many reference vectors they can be recognised by.';
  static override examples = ['<%= config.bin %> households member list'];
  static override flags = {
    ...householdFlag,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
  };

  async run(): Promise<void> {
    const { household, columns: wanted } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const rows = await listMembers(knex, household);
      const columns = recordColumns(MEMBER_COLUMNS, MEMBER_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no members' });
    });
  }
}
