import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { oneModeFlag } from '../../cli/scene-flags.ts';
import { resetReference } from '../../services/scenes/reset-reference.ts';

const COLUMNS = ['camera_id', 'mode', 'taken_at'] as const;

export default class SceneChangesReset extends HsCommand<typeof SceneChangesReset> {
  static override summary = 'Take the newest pictures of a camera as the references of its view.';
  static override description = 'For a camera that was moved on purpose. A change that is open ends; what was found stays.';
  static override examples = ['<%= config.bin %> scene-changes reset gate', '<%= config.bin %> scene-changes reset gate --mode ir'];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };
  static override flags = {
    mode: oneModeFlag,
    'dry-run': Flags.boolean({ summary: 'Say what would be done and change nothing.', default: false }),
  };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json, mode } = this.flags;
    const options = { cameraId: this.args.camera, mode, actor: actorName(this.settings.actor), dryRun };
    const done = await this.withDatabase(({ knex }) => resetReference(knex, options));
    await printList(done, { columns: recordColumns(COLUMNS, COLUMNS), format: json ? 'json' : 'table', terminal: this.stdout });
    if (dryRun) this.note('nothing was changed');
  }
}
