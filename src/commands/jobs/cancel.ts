import { MoveJobsCommand } from '../../cli/move-jobs-command.ts';

export default class JobsCancel extends MoveJobsCommand<typeof JobsCancel> {
  static override summary = 'End jobs that wait, and ask running ones to stop.';
  static override description =
    'A running job stops at its next safe point; what it has stored stays. A failed job that waits for another attempt is not tried again.';
  static override examples = ['<%= config.bin %> jobs cancel 019aab00-0000-7000-8000-000000000000'];

  async run(): Promise<void> {
    const { cancelJobs } = await import('../../jobs/move-jobs.ts');
    await this.move((ids) => this.withDatabase((database) => cancelJobs(database, ids)));
  }
}
