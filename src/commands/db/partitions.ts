import { Flags } from '@oclif/core';

import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listPartitions, PARTITION_COLUMNS } from '../../services/database/list-partitions.ts';

export default class DbPartitions extends HsCommand<typeof DbPartitions> {
  static override summary = 'List the monthly tables of detections with their sizes.';
  static override description =
    'Ingest makes them as footage needs them; `hs prune` drops those that are over age. Row counts are estimates of the database.';
  static override examples = ['<%= config.bin %> db partitions', '<%= config.bin %> db partitions --empty --json'];
  static override flags = {
    empty: Flags.boolean({ summary: 'Only those without rows.', default: false }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
  };

  async run(): Promise<void> {
    const { empty: emptyOnly, columns: wanted } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const rows = await listPartitions(knex, { emptyOnly });
      const columns = recordColumns(PARTITION_COLUMNS, PARTITION_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no monthly tables' });
    });
  }
}
