import { decayFlag, toDecay } from '../../cli/calibration-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { printRecord } from '../../cli/print-record.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { CAMERA_CALIBRATION_COLUMNS, showCalibration } from '../../services/calibration/show-calibration.ts';

export default class CalibrationShow extends HsCommand<typeof CalibrationShow> {
  static override summary = 'Show the thresholds of risk levels: those in force, and those learned from feedback.';
  static override description = `low, medium and high are the lowest scores of medium, high and critical. Events are judged by those in force; learned ones
come into force with \`hs calibration apply\`. Offsets of cameras are learned, too; they are added to scores only with the setting
calibration.camera_offset.`;
  static override examples = ['<%= config.bin %> calibration show', '<%= config.bin %> calibration show --decay 0.5 --json'];
  static override flags = { camera: footageFlags.camera, decay: decayFlag('What would be learned if feedback moved thresholds this far.') };

  async run(): Promise<void> {
    const options = { cameras: this.flags.camera, decay: toDecay(this.flags.decay), calibration: this.settings.calibration };
    const { calibration, cameras } = await this.withDatabase(({ knex }) => showCalibration(knex, options));
    if (this.flags.json) {
      await this.printJson({ schema_version: 1, item: calibration, cameras });
      return;
    }
    await printRecord(calibration, { json: false, terminal: this.stdout });
    if (cameras.length === 0) return;
    await this.print('');
    const columns = recordColumns(CAMERA_CALIBRATION_COLUMNS, CAMERA_CALIBRATION_COLUMNS);
    await printList(cameras, { columns, format: 'table', terminal: this.stdout });
  }
}
