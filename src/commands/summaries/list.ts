import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { summaryTypeFlag, toSummaryTypes } from '../../cli/summary-flags.ts';
import { listSummaries, SUMMARY_SORT_FIELDS } from '../../services/summaries/list-summaries.ts';
import { SUMMARY_COLUMNS, SUMMARY_LIST_COLUMNS } from '../../services/summaries/summary-record.ts';

export default class SummariesList extends HsCommand<typeof SummariesList> {
  static override summary = 'List summaries, the latest window first.';
  static override description = '--since and --until compare the end of the windows.';
  static override examples = ['<%= config.bin %> summaries list --type daily --since 30d'];
  static override flags = { ...listFlags, since: footageFlags.since, until: footageFlags.until, ...summaryTypeFlag };

  async run(): Promise<void> {
    const { since, until, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, SUMMARY_SORT_FIELDS, { field: 'window_end', descending: true });
    const filter = { types: toSummaryTypes(this.flags) };
    await this.withDatabase(async ({ knex }) => {
      const rows = await listSummaries(knex, { scope: { since, until }, filter, sort, limit, zones: this.settings });
      const columns = recordColumns(SUMMARY_COLUMNS, SUMMARY_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no summaries' });
    });
  }
}
