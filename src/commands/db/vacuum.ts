import { Flags } from '@oclif/core';

import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { VACUUM_COLUMNS, vacuumDatabase } from '../../services/database/vacuum-database.ts';

export default class DbVacuum extends HsCommand<typeof DbVacuum> {
  static override summary = 'Clean up after deleted rows and refresh the planner statistics.';
  static override description =
    'The database does this by itself; it helps at once after much was deleted. Others can go on working. Only --full gives disk space back, and while it writes a table anew nobody can use it.';
  static override examples = ['<%= config.bin %> db vacuum', '<%= config.bin %> db vacuum --full --yes'];
  static override flags = {
    full: Flags.boolean({ summary: 'Write every table anew.', default: false }),
    yes: Flags.boolean({ summary: 'Really do it, with --full.', default: false }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { full, yes: confirmed, columns: wanted } = this.flags;
    const records = await this.withDatabase((database) => vacuumDatabase(database, { full, confirmed, signal: this.signal }));
    const columns = recordColumns(VACUUM_COLUMNS, VACUUM_COLUMNS);
    await printList(records, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no tables' });
    const freedBytes = records.reduce((sum, { freed_bytes: freed }) => sum + Number(freed), 0);
    this.note(`${String(records.length)} tables, ${String(freedBytes)} bytes given back to the disk`);
  }
}
