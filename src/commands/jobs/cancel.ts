import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { MOVED_JOB_COLUMNS } from '../../cli/moved-columns.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';

export default class JobsCancel extends HsCommand<typeof JobsCancel> {
  static override summary = 'End jobs that wait, and ask running ones to stop.';
  static override description =
    'A running job stops at its next safe point; what it has stored stays. A failed job that waits for another attempt is not tried again.';
  static override examples = ['<%= config.bin %> jobs cancel 019aab00-0000-7000-8000-000000000000'];
  static override strict = false;
  static override args = {
    job: Args.string({ description: 'id of a job; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const { cancelJobs } = await import('../../jobs/move-jobs.ts');
    const ids = await readWords(this.words);
    const moved = await this.withDatabase((database) => cancelJobs(database, ids));
    const format = this.flags.json ? 'json' : 'table';
    await printList(moved, { columns: MOVED_JOB_COLUMNS, format, terminal: this.stdout, emptyText: 'no jobs' });
  }
}
