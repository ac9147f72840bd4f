import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showJob, type JobDetails } from '../../services/jobs/show-job.ts';

export default class JobsShow extends HsCommand<typeof JobsShow> {
  static override summary = 'Show a job with its attempts and status changes.';
  static override examples = ['<%= config.bin %> jobs show 019aab00-0000-7000-8000-000000000000'];
  static override strict = false;
  static override args = {
    job: Args.string({ description: 'id of a job; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const ids = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const jobs: JobDetails[] = [];
      for (const id of ids) jobs.push(await showJob(knex, id));
      await printRecords(jobs, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
