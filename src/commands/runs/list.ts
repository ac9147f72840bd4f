import { Flags } from '@oclif/core';
import { wordsFlag } from '../../cli/choice-flag.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat, parseSort, wallFlags } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';
import { RUN_COLUMNS, RUN_LIST_COLUMNS, type RunColumn, type RunRecord } from '../../services/runs/run-record.ts';
import { listRuns, RUN_SORT_FIELDS } from '../../services/runs/list-runs.ts';

const EXTRA = RUN_COLUMNS.filter((key) => !(RUN_LIST_COLUMNS as readonly RunColumn[]).includes(key));
const COLUMNS: Column<RunRecord>[] = [
  ...RUN_LIST_COLUMNS.map((key) => ({ key, value: (run: RunRecord) => run[key] })),
  ...EXTRA.map((key) => ({ key, value: (run: RunRecord) => run[key], isExtra: true })),
];

export default class RunsList extends HsCommand<typeof RunsList> {
  static override summary = 'List the runs that wrote data, newest first.';
  static override description = 'Exit code 255 marks a run that was found dead. Times are UTC.';
  static override examples = ['<%= config.bin %> runs list --command ingest', '<%= config.bin %> runs list --open'];
  static override flags = {
    ...listFlags,
    ...wallFlags,
    command: wordsFlag('Only runs of these commands, such as ingest.'),
    open: Flags.boolean({ summary: 'Only runs that have not ended.', helpGroup: 'FILTER' }),
  };

  async run(): Promise<void> {
    const { since, until, command: commands, open, limit, columns: wanted } = this.flags;
    const sort = parseSort(this.flags.sort, RUN_SORT_FIELDS, { field: 'started_at', descending: true });
    const format = listFormat(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const runs = await listRuns(knex, { span: { since, until }, commands, open, sort, limit });
      this.remark(await unmatchedNote(knex, { flag: '--command', column: 'runs.command', words: commands }));
      await printList(runs, { columns: COLUMNS, wanted, format, terminal: this.stdout, emptyText: 'no runs' });
    });
  }
}
