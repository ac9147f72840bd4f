import { Args, Flags } from '@oclif/core';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { logLine } from '../../cli/log-line.ts';
import { printList } from '../../cli/print-list.ts';
import { followJobLines, listJobLines, type JobLine } from '../../services/jobs/list-job-lines.ts';

const COLUMNS: Column<JobLine>[] = [
  { key: 'timestamp', value: (line) => line.timestamp },
  { key: 'level', value: (line) => line.level },
  { key: 'message', value: (line) => line.message },
  { key: 'attempt_number', value: (line) => line.attempt_number, isExtra: true },
  { key: 'context', value: (line) => line.context as object | null, isExtra: true },
];

export default class JobsLogs extends HsCommand<typeof JobsLogs> {
  static override summary = 'Print the log lines of a job, oldest first; with --limit the newest ones.';
  static override description =
    'With --follow it goes on until the job is finished, or until Ctrl-C, which ends it with 130. Times are UTC.';
  static override examples = [
    '<%= config.bin %> jobs logs 019aab00-0000-7000-8000-000000000000 --level warning --limit 0',
    '<%= config.bin %> jobs logs 019aab00-0000-7000-8000-000000000000 --follow',
  ];
  static override args = { job: Args.string({ description: 'id of the job', required: true }) };
  static override flags = {
    limit: listFlags.limit,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    attempt: Flags.integer({ summary: 'Only lines of this attempt.', min: 1, max: LARGEST_INTEGER, helpGroup: 'FILTER' }),
    level: Flags.string({ summary: 'Only lines of this level and above: debug, info, warning, error.', helpGroup: 'FILTER' }),
    follow: Flags.boolean({ summary: 'Go on with lines as they are written.', char: 'f', default: false }),
  };

  async run(): Promise<void> {
    const { attempt, level, limit, follow, columns: wanted } = this.flags;
    const choice = { jobId: this.args.job, attempt, level, limit };
    const format = listFormat(this.flags);
    this.stopsQuietly = follow;
    await this.withDatabase(async ({ knex }) => {
      const lines = await (follow ? followJobLines(knex, { ...choice, signal: this.signal }) : listJobLines(knex, choice));
      // A table takes its widths from all lines; those that follow cannot wait for them.
      if (follow && format === 'table') for await (const line of lines) await this.print(logLine(line, this.stdout));
      else await printList(lines, { columns: COLUMNS, wanted, format, terminal: this.stdout, emptyText: 'no log lines' });
    });
  }
}
