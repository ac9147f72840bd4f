import { camerasFlag, decayFlag, toDecay } from '../../cli/calibration-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { calibrationHistory, HISTORY_COLUMNS } from '../../services/calibration/calibration-history.ts';

export default class CalibrationHistory extends HsCommand<typeof CalibrationHistory> {
  static override summary = 'Show feedback by feedback how the learned thresholds came about.';
  static override description =
    'From the last reset on, oldest first; times are UTC. change is what all three thresholds were moved by before their limits. Who put thresholds in force is in `hs audit log --resource calibration`.';
  static override examples = ['<%= config.bin %> calibration history', '<%= config.bin %> calibration history --decay 0.5 --csv'];
  static override flags = {
    camera: camerasFlag('Show only feedback on this camera'),
    decay: decayFlag('As it would be if feedback moved thresholds this far.'),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
  };

  async run(): Promise<void> {
    const { camera: cameras, columns: wanted } = this.flags;
    const options = { userId: this.settings.calibration.user, decay: toDecay(this.flags.decay), cameras };
    const records = await this.withDatabase(({ knex }) => calibrationHistory(knex, options));
    const columns = recordColumns(HISTORY_COLUMNS, HISTORY_COLUMNS);
    await printList(records, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'nothing was learned' });
  }
}
