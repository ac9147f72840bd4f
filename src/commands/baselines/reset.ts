import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { resetBaselines } from '../../services/baselines/reset-baselines.ts';

const COLUMNS = ['camera_id', 'activity_hours', 'activity_baselines', 'class_baselines'] as const;

export default class BaselinesReset extends HsCommand<typeof BaselinesReset> {
  static override summary = 'Forget what is usual.';
  static override description =
    'Hours and baselines of all cameras, or of those named, go; scores of events stay. They come again with the next new footage of the camera, or with baselines rebuild: all of it is computed from the footage in the store.';
  static override examples = ['<%= config.bin %> baselines reset --camera gate --dry-run', '<%= config.bin %> baselines reset --yes'];
  static override flags = {
    camera: footageFlags.camera,
    ...confirmFlags,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { camera: cameras, 'dry-run': dryRun, columns: wanted } = this.flags;
    assertConfirmed(this.flags, 'forgetting baselines');
    const options = { cameras, dryRun, actor: actorName(this.settings.actor), zones: this.settings };
    const rows = await this.withDatabase(({ knex }) => resetBaselines(knex, options));
    const columns = recordColumns(COLUMNS, COLUMNS);
    await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'nothing was known' });
    if (dryRun) this.note('nothing was changed');
  }
}
