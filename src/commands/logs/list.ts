import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat, parseSort, wallFlags } from '../../cli/list-flags.ts';
import { logFlags } from '../../cli/log-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';
import { listLogs, LOG_SORT_FIELDS } from '../../services/logs/list-logs.ts';
import { LOG_COLUMNS, LOG_LIST_COLUMNS } from '../../services/logs/log-record.ts';

export default class LogsList extends HsCommand<typeof LogsList> {
  static override summary = 'List the application log, newest first.';
  static override description = 'What one job said is in `hs jobs logs`. Times are UTC.';
  static override examples = [
    '<%= config.bin %> logs list --level warning --since 1d',
    '<%= config.bin %> logs list --camera "front_*" --limit 0 --ndjson',
  ];
  static override flags = { ...listFlags, ...wallFlags, ...logFlags };

  async run(): Promise<void> {
    const { since, until, level, component: components, camera: cameras, run: runId, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, LOG_SORT_FIELDS, { field: 'timestamp', descending: true });
    await this.withDatabase(async ({ knex }) => {
      const rows = await listLogs(knex, { scope: { since, until, level, components, cameras, runId }, sort, limit });
      this.remark(await unmatchedNote(knex, { flag: '--component', column: 'logs.component', words: components }));
      const columns = recordColumns(LOG_COLUMNS, LOG_LIST_COLUMNS).map((column) =>
        column.key === 'level' ? { ...column, format: (row: { level: unknown }) => String(row.level).toUpperCase() } : column,
      );
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no log lines' });
    });
  }
}
