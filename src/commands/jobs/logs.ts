import { Args, Flags } from '@oclif/core';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { listJobLines, type JobLine } from '../../services/jobs/list-job-lines.ts';

const COLUMNS: Column<JobLine>[] = [
  { key: 'timestamp', value: (line) => line.timestamp },
  { key: 'level', value: (line) => line.level },
  { key: 'message', value: (line) => line.message },
  { key: 'attempt_number', value: (line) => line.attempt_number, isExtra: true },
  { key: 'context', value: (line) => line.context as object | null, isExtra: true },
];

export default class JobsLogs extends HsCommand<typeof JobsLogs> {
  static override summary = 'Print the log lines of a job, oldest first; with --limit the newest ones.';
  static override examples = ['<%= config.bin %> jobs logs 019aab00-0000-7000-8000-000000000000 --level warning --limit 0'];
  static override args = { job: Args.string({ description: 'id of the job', required: true }) };
  static override flags = {
    limit: listFlags.limit,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    attempt: Flags.integer({ summary: 'Only lines of this attempt.', min: 1, helpGroup: 'FILTER' }),
    level: Flags.string({ summary: 'Only lines of this level and above: debug, info, warning, error.', helpGroup: 'FILTER' }),
  };

  async run(): Promise<void> {
    const { attempt, level, limit, columns: wanted } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const lines = await listJobLines(knex, { jobId: this.args.job, attempt, level, limit });
      await printList(lines, {
        columns: COLUMNS,
        wanted,
        format: listFormat(this.flags),
        terminal: this.stdout,
        emptyText: 'no log lines',
      });
    });
  }
}
