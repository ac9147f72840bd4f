import { MoveJobsCommand } from '../../cli/move-jobs-command.ts';

export default class JobsRetry extends MoveJobsCommand<typeof JobsRetry> {
  static override summary = 'Queue failed jobs once more.';
  static override description =
    'A job that has used up its attempts gets one more. What was not left to workers is done again by its own command.';
  static override examples = ['<%= config.bin %> jobs retry 019aab00-0000-7000-8000-000000000000'];

  async run(): Promise<void> {
    const { retryJobs } = await import('../../jobs/move-jobs.ts');
    await this.move((ids) => this.withDatabase((database) => retryJobs(database, ids)));
  }
}
