import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { dryRunFlag } from '../../cli/prompt-flags.ts';
import { stopExperiment } from '../../services/experiments/change-experiments.ts';

export default class ExperimentsStop extends HsCommand<typeof ExperimentsStop> {
  static override summary = 'End an experiment; its results stay, and the active version judges again.';
  static override examples = ['<%= config.bin %> experiments stop', '<%= config.bin %> experiments stop p2-vs-p3'];
  static override args = { name: Args.string({ description: 'name of the experiment; by default the one that runs' }) };
  static override flags = { 'dry-run': dryRunFlag };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { name: this.args.name, actor: actorName(this.settings.actor), dryRun };
    const record = await this.withDatabase(({ knex }) => stopExperiment(knex, options));
    await printRecord(record, { json, terminal: this.stdout });
    if (dryRun) this.note('nothing was changed');
  }
}
