import { actorName } from '../../cli/actor-name.ts';
import { camerasFlag } from '../../cli/calibration-flags.ts';
import type { Column } from '../../cli/column.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { resetCalibration, type ResetCalibrationRecord } from '../../services/calibration/reset-calibration.ts';

const COLUMNS: Column<ResetCalibrationRecord>[] = [
  { key: 'of', value: (row) => row.of },
  { key: 'kind', value: (row) => row.kind },
  { key: 'feedback_left_out', value: (row) => row.feedback_left_out },
  { key: 'low', value: (row) => row.low },
  { key: 'medium', value: (row) => row.medium },
  { key: 'high', value: (row) => row.high },
  { key: 'risk_offset', value: (row) => row.risk_offset },
];

export default class CalibrationReset extends HsCommand<typeof CalibrationReset> {
  static override summary = 'Learn anew: feedback given until now counts no longer.';
  static override description =
    'The feedback itself stays. Thresholds in force and stored levels stay, too, until `hs calibration apply`. What had been learned is printed.';
  static override examples = ['<%= config.bin %> calibration reset --yes', '<%= config.bin %> calibration reset --camera gate --yes'];
  static override flags = {
    camera: camerasFlag('The offset of this camera instead of the thresholds'),
    ...confirmFlags,
  };

  async run(): Promise<void> {
    assertConfirmed(this.flags, 'resetting what was learned');
    const { camera: cameras, 'dry-run': dryRun, json } = this.flags;
    const who = { userId: this.settings.calibration.user, actor: actorName(this.settings.actor) };
    const records = await this.withDatabase(({ knex }) => resetCalibration(knex, { ...who, cameras, dryRun }));
    const format = json ? 'json' : 'table';
    await printList(records, { columns: COLUMNS, format, terminal: this.stdout });
    if (dryRun) this.note('nothing was changed');
    else if (cameras === undefined) this.note('stored levels stay as they are until `hs calibration apply`');
  }
}
