import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';
import { printRecord } from '../../cli/print-record.ts';
import { dryRunFlag, toNumber } from '../../cli/prompt-flags.ts';
import { startExperiment } from '../../services/experiments/change-experiments.ts';

export default class ExperimentsStart extends HsCommand<typeof ExperimentsStart> {
  static override summary = 'Try another version of the prompt of events.';
  static override description =
    'In shadow mode both versions judge an event and the control counts: no score changes, each event costs two questions. In ab mode one of them judges it, always the same one. One experiment runs at a time.';
  static override examples = [
    '<%= config.bin %> experiments start p2-vs-p3 --treatment 3',
    '<%= config.bin %> experiments start p2-vs-p3 --control 2 --treatment 3 --mode ab --split 0.1',
  ];
  static override args = { name: Args.string({ description: 'name of the experiment', required: true }) };
  static override flags = {
    control: Flags.integer({
      summary: 'Version to compare with; by default the active one.',
      min: 0,
      max: LARGEST_INTEGER,
      helpValue: 'VERSION',
    }),
    treatment: Flags.integer({
      summary: 'Version to try; 0 is the text that comes with hs.',
      min: 0,
      max: LARGEST_INTEGER,
      required: true,
      helpValue: 'VERSION',
    }),
    mode: Flags.option({
      summary: 'Whether one version judges an event or both.',
      options: ['ab', 'shadow'] as const,
      default: 'shadow',
    })(),
    split: Flags.string({ summary: 'Share of events to try it on, by default 0.5 in ab mode and 1 in shadow mode.', helpValue: 'SHARE' }),
    'dry-run': dryRunFlag,
  };

  async run(): Promise<void> {
    const { control, treatment, mode, 'dry-run': dryRun, json } = this.flags;
    const { name } = this.args;
    const options = { name, control, treatment, mode, split: toNumber(this.flags.split), actor: actorName(this.settings.actor), dryRun };
    const record = await this.withDatabase(({ knex }) => startExperiment(knex, options));
    await printRecord(record, { json, terminal: this.stdout });
    this.note(dryRun ? 'nothing was changed' : 'it holds for events that are judged from now on');
  }
}
