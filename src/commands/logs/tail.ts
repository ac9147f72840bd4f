import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { logFlags } from '../../cli/log-flags.ts';
import { logLine } from '../../cli/log-line.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';
import { LOG_COLUMNS, LOG_LIST_COLUMNS } from '../../services/logs/log-record.ts';
import { tailLogs } from '../../services/logs/tail-logs.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';

export default class LogsTail extends HsCommand<typeof LogsTail> {
  static override summary = 'Print the newest lines of the application log in the order they were written.';
  static override description = 'With --follow it goes on until Ctrl-C, which ends it with 130. Times are UTC.';
  static override examples = ['<%= config.bin %> logs tail --follow --level warning', '<%= config.bin %> logs tail --limit 200 --ndjson'];
  static override flags = {
    limit: Flags.integer({ summary: 'Begin with at most this many lines.', default: 20, min: 1, max: LARGEST_INTEGER, helpGroup: 'LIST' }),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ...logFlags,
    follow: Flags.boolean({ summary: 'Go on with lines as they are written.', char: 'f', default: false }),
  };

  async run(): Promise<void> {
    const { level, component: components, camera: cameras, run: runId, limit, follow, columns: wanted } = this.flags;
    const format = listFormat(this.flags);
    this.stopsQuietly = follow;
    await this.withDatabase(async ({ knex }) => {
      const scope = { level, components, cameras, runId };
      const lines = await tailLogs(knex, { scope, limit, follow, signal: this.signal });
      this.remark(await unmatchedNote(knex, { flag: '--component', column: 'logs.component', words: components }));
      if (format !== 'table') {
        await printList(lines, { columns: recordColumns(LOG_COLUMNS, LOG_LIST_COLUMNS), wanted, format, terminal: this.stdout });
      } else for await (const line of lines) await this.print(logLine(line, this.stdout));
    });
  }
}
