import { wordsFlag } from '../../cli/choice-flag.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat, parseSort, wallFlags } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { JOB_COLUMNS, JOB_LIST_COLUMNS } from '../../services/jobs/job-record.ts';
import { unmatchedNote } from '../../services/lists/unmatched-note.ts';
import { JOB_SORT_FIELDS, listJobs } from '../../services/jobs/list-jobs.ts';

export default class JobsList extends HsCommand<typeof JobsList> {
  static override summary = 'List jobs, newest first.';
  static override description = 'Every long command leaves a job: what it did, how far it came, how it ended. Times are UTC.';
  static override examples = ['<%= config.bin %> jobs list --status running', '<%= config.bin %> jobs list --type ingest --limit 5 --json'];
  static override flags = {
    ...listFlags,
    ...wallFlags,
    type: wordsFlag('Only these kinds, such as ingest,export.'),
    status: wordsFlag('Only these statuses: queued, running, completed, failed, cancelled.'),
  };

  async run(): Promise<void> {
    const { since, until, type: types, status: statuses, limit, columns: wanted } = this.flags;
    const sort = parseSort(this.flags.sort, JOB_SORT_FIELDS, { field: 'created_at', descending: true });
    await this.withDatabase(async ({ knex }) => {
      const jobs = await listJobs(knex, { span: { since, until }, types, statuses, sort, limit });
      this.remark(await unmatchedNote(knex, { flag: '--type', column: 'jobs.job_type', words: types }));
      const columns = recordColumns(JOB_COLUMNS, JOB_LIST_COLUMNS);
      await printList(jobs, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no jobs' });
    });
  }
}
