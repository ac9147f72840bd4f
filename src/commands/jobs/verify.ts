import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { EXIT } from '../../errors/exit-codes.ts';
import { verifyJobs } from '../../services/jobs/verify-jobs.ts';

type Finding = { job_id: string; rule: string; text: string };

const COLUMNS: Column<Finding>[] = [
  { key: 'job_id', value: (finding) => finding.job_id },
  { key: 'rule', value: (finding) => finding.rule },
  { key: 'text', value: (finding) => finding.text },
];

export default class JobsVerify extends HsCommand<typeof JobsVerify> {
  static override summary = 'Verify that the records of all jobs agree with each other.';
  static override description = `Status changes form one chain from queued to the status of the job, attempts are numbered without a hole and one is
open exactly while the job runs, times are in order, only what is completed is at 100 %, and what runs has a process.
hs check --explain J2 tells more of a rule; hs check --fix J4 fails jobs whose process is gone.

Exit codes: 0 nothing is wrong, 7 something is.`;
  static override examples = ['<%= config.bin %> jobs verify', '<%= config.bin %> jobs verify --limit 0 --csv'];
  static override flags = { limit: listFlags.limit, columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };

  async run(): Promise<void> {
    const { limit, columns: wanted } = this.flags;
    const format = listFormat(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const { jobs, faults, found } = await verifyJobs(knex, { limit });
      const emptyText = `${String(jobs)} jobs looked at, nothing is wrong`;
      const summary = (): Record<string, unknown> => ({ jobs, found: found() });
      const named = await printList(this.noted(faults), { columns: COLUMNS, wanted, format, terminal: this.stdout, emptyText, summary });
      if (found() > named) this.note(`… and ${String(found() - named)} more; --limit 0 names all`);
    });
  }

  private async *noted(findings: AsyncIterable<Finding>): AsyncGenerator<Finding> {
    for await (const finding of findings) {
      this.exitWith(EXIT.findings);
      yield finding;
    }
  }
}
