import { Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { decayFlag, toDecay } from '../../cli/calibration-flags.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { applyCalibration, type AppliedCalibration } from '../../services/calibration/apply-calibration.ts';

const COLUMNS: Column<AppliedCalibration['changes'][number]>[] = [
  { key: 'from', value: ({ from }) => from },
  { key: 'to', value: ({ to }) => to },
  { key: 'events', value: ({ events }) => events },
];

export default class CalibrationApply extends HsCommand<typeof CalibrationApply> {
  static override summary = 'Put the learned thresholds in force, and write the levels of stored events by them.';
  static override description =
    'Scores stay as they are. Stopped in the middle, the next apply goes on. Levels of new events follow the same thresholds. --dry-run says how many events would go from which level to which.';
  static override examples = ['<%= config.bin %> calibration apply --dry-run', '<%= config.bin %> calibration apply --decay 0.2'];
  static override flags = {
    decay: decayFlag('How far one feedback moves the thresholds, from now on.'),
    'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const who = { userId: this.settings.calibration.user, actor: actorName(this.settings.actor), signal: this.signal };
    const options = { ...who, decay: toDecay(this.flags.decay), dryRun };
    const { before, after, changes } = await this.withDatabase(({ knex }) => applyCalibration(knex, options));
    if (json) await this.printJson({ schema_version: 1, item: { before, after, changes } });
    else {
      await this.print(`thresholds ${thresholdText(before)} → ${thresholdText(after)}`);
      await printList(changes, { columns: COLUMNS, format: 'table', terminal: this.stdout, emptyText: 'no level changes' });
    }
    if (dryRun) this.note('nothing was changed');
  }
}

function thresholdText({ low, medium, high }: AppliedCalibration['before']): string {
  return [low, medium, high].join('/');
}
