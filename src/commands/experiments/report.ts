import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { reportExperiment } from '../../services/experiments/report-experiment.ts';

export default class ExperimentsReport extends HsCommand<typeof ExperimentsReport> {
  static override summary = 'Compare the versions of an experiment: scores, levels, time, invalid answers, feedback.';
  static override description =
    'Differences are treatment less control. After 100 compared events it advises to stop when the treatment is much slower, its scores far off, or more of its answers invalid; nothing stops by itself.';
  static override examples = ['<%= config.bin %> experiments report', '<%= config.bin %> experiments report p2-vs-p3 --json'];
  static override args = { name: Args.string({ description: 'name of the experiment; by default the latest' }) };

  async run(): Promise<void> {
    const report = await this.withDatabase(({ knex }) => reportExperiment(knex, this.args.name));
    await printRecord(report, { json: this.flags.json, terminal: this.stdout });
    for (const reason of report.advice) this.note(`advice: stop it, because ${reason}`);
  }
}
