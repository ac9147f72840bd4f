import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showRun } from '../../services/runs/show-run.ts';

export default class RunsShow extends HsCommand<typeof RunsShow> {
  static override summary = 'Show what a run was given and what it used.';
  static override examples = ['<%= config.bin %> runs show 019aab00-0000-7000-8000-000000000000'];
  static override args = { run: Args.string({ description: 'id of the run', required: true }) };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      await printRecord(await showRun(knex, this.args.run), { json: this.flags.json, terminal: this.stdout });
    });
  }
}
