import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { MOVED_JOB_COLUMNS } from '../../cli/moved-columns.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';

export default class JobsRetry extends HsCommand<typeof JobsRetry> {
  static override summary = 'Queue failed jobs once more.';
  static override description =
    'A job that has used up its attempts gets one more. What was not left to workers is done again by its own command.';
  static override examples = ['<%= config.bin %> jobs retry 019aab00-0000-7000-8000-000000000000'];
  static override strict = false;
  static override args = {
    job: Args.string({ description: 'id of a job; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const { retryJobs } = await import('../../jobs/move-jobs.ts');
    const ids = await readWords(this.words);
    const moved = await this.withDatabase((database) => retryJobs(database, ids));
    const format = this.flags.json ? 'json' : 'table';
    await printList(moved, { columns: MOVED_JOB_COLUMNS, format, terminal: this.stdout, emptyText: 'no jobs' });
  }
}
