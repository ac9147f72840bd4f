import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showJob } from '../../services/jobs/show-job.ts';

export default class JobsShow extends HsCommand<typeof JobsShow> {
  static override summary = 'Show a job with its attempts and status changes.';
  static override examples = ['<%= config.bin %> jobs show 019aab00-0000-7000-8000-000000000000'];
  static override args = { job: Args.string({ description: 'id of the job', required: true }) };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      await printRecord({ ...(await showJob(knex, this.args.job)) }, { json: this.flags.json, terminal: this.stdout });
    });
  }
}
