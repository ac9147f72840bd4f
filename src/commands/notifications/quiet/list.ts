import type { Column } from '../../../cli/column.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../../cli/list-flags.ts';
import { printList } from '../../../cli/print-list.ts';
import { listQuietRecords, type QuietRecord } from '../../../services/notifications/quiet-hours.ts';

const COLUMNS: Column<QuietRecord>[] = (['id', 'label', 'from', 'to', 'days'] as const).map((key) => ({
  key,
  value: (period) => period[key],
}));

export default class NotificationsQuietList extends HsCommand<typeof NotificationsQuietList> {
  static override summary = 'List the hours in which nobody is told of anything, by the clock of each camera.';
  static override examples = ['<%= config.bin %> notifications quiet list'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    const { columns: wanted } = this.flags;
    const rows = await this.withDatabase(({ knex }) => listQuietRecords(knex));
    await printList(rows, { columns: COLUMNS, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no quiet hours' });
  }
}
