import { Args } from '@oclif/core';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { summaryForPeople } from '../../cli/summary-flags.ts';
import { showSummary } from '../../services/summaries/show-summary.ts';

export default class SummariesShow extends HsCommand<typeof SummariesShow> {
  static override summary = 'Show a summary.';
  static override examples = ['<%= config.bin %> summaries show 3', '<%= config.bin %> summaries show 3 --json'];
  static override args = { summary: Args.string({ description: 'id of the summary', required: true }) };

  async run(): Promise<void> {
    const id = toId(this.args.summary);
    const summary = await this.withDatabase(({ knex }) => showSummary(knex, id, this.settings));
    const { json } = this.flags;
    await printRecord(json ? summary : summaryForPeople(summary), { json, terminal: this.stdout });
  }
}
