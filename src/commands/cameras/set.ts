import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { cameraFlags, toCameraChanges } from '../../cli/camera-flags.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { setCamera } from '../../services/cameras/set-camera.ts';

const RE_READ = ['timezone', 'clock_offset_s', 'property_id'];

export default class CamerasSet extends HsCommand<typeof CamerasSet> {
  static override summary = 'Change a camera.';
  static override description =
    'A folder is added to those the camera has. A new time zone or clock offset holds for files that are ingested from then on.';
  static override examples = [
    '<%= config.bin %> cameras set front_door --timezone Europe/Berlin --clock-offset -240',
    '<%= config.bin %> cameras set gate --folder /footage/old-gate',
  ];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };
  static override flags = cameraFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { id: this.args.camera, changes: toCameraChanges(this.flags), actor: actorName(this.settings.actor), dryRun };
    const changes = await this.withDatabase(({ knex }) => setCamera(knex, options));
    await printList(changes, {
      columns: CHANGE_COLUMNS,
      format: json ? 'json' : 'table',
      terminal: this.stdout,
      emptyText: 'nothing to change',
    });
    if (dryRun) this.note('nothing was changed');
    else if (changes.some(({ column }) => RE_READ.includes(column))) this.note('this holds for files that are ingested from now on');
  }
}
