import { Args } from '@oclif/core';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { listTransitions, type TransitionRecord } from '../../services/jobs/list-transitions.ts';

const COLUMNS: Column<TransitionRecord>[] = [
  { key: 'job_id', value: (change) => change.job_id },
  { key: 'at', value: (change) => change.at },
  { key: 'from', value: (change) => change.from },
  { key: 'to', value: (change) => change.to },
  { key: 'by', value: (change) => change.by },
  { key: 'after_s', value: (change) => change.after_s, align: 'right' },
  { key: 'metadata', value: (change) => change.metadata as object | null, isExtra: true },
];

export default class JobsTransitions extends HsCommand<typeof JobsTransitions> {
  static override summary = 'List the status changes of jobs, oldest first.';
  static override description = `Who made each change, and how many seconds the status before it had lasted; the first one counts from the
creation of the job. Times are UTC.`;
  static override examples = [
    '<%= config.bin %> jobs transitions 019aab00-0000-7000-8000-000000000000',
    '<%= config.bin %> jobs list --status failed --ids | <%= config.bin %> jobs transitions - --csv',
  ];
  static override strict = false;
  static override args = {
    job: Args.string({ description: 'id of a job; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };

  async run(): Promise<void> {
    const ids = await readWords(this.words);
    const { columns: wanted } = this.flags;
    const format = listFormat(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const changes = listTransitions(knex, ids);
      await printList(changes, { columns: COLUMNS, wanted, format, terminal: this.stdout, emptyText: 'no status changes' });
    });
  }
}
