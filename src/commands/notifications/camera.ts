import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { cameraPreferenceFlags, toCameraPatch } from '../../cli/notification-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { setCameraPreferences, type CameraChange } from '../../services/notifications/change-preferences.ts';

const COLUMNS: Column<CameraChange>[] = [{ key: 'camera_id', value: (change) => change.camera_id }, ...CHANGE_COLUMNS];

export default class NotificationsCamera extends HsCommand<typeof NotificationsCamera> {
  static override summary = 'Change of what somebody is told, for single cameras.';
  static override examples = [
    '<%= config.bin %> notifications camera "garden_*" --threshold 70',
    '<%= config.bin %> notifications camera street --disable',
  ];
  static override strict = false;
  static override args = {
    camera: Args.string({
      description: 'id or name, * and ? allowed; several may be given, - reads them from standard input',
      required: true,
    }),
  };
  static override flags = cameraPreferenceFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const cameras = await readWords(this.words);
    const options = { cameras, patch: toCameraPatch(this.flags), actor: actorName(this.settings.actor), dryRun };
    const changes = await this.withDatabase(({ knex }) => setCameraPreferences(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changes, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
