import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { cameraFlags, toCameraChanges } from '../../cli/camera-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { addCamera } from '../../services/cameras/add-camera.ts';

export default class CamerasAdd extends HsCommand<typeof CamerasAdd> {
  static override summary = 'Add a camera before its first footage comes.';
  static override description =
    'Its id is made from the name of its footage folder: lower case, blanks and hyphens become _. Cameras that ingest meets are added without this.';
  static override examples = [
    '<%= config.bin %> cameras add "Front Door" --timezone Europe/Berlin',
    '<%= config.bin %> cameras add gate --property "Summer house" --timezone Europe/Rome --recording triggered',
  ];
  static override args = { folder: Args.string({ name: 'NAME', description: 'name of its footage folder', required: true }) };
  static override flags = cameraFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { folderName: this.args.folder, changes: toCameraChanges(this.flags), actor: actorName(this.settings.actor), dryRun };
    const camera = await this.withDatabase(({ knex }) => addCamera(knex, options));
    this.note(dryRun ? `camera ${camera.id} would be added` : `camera ${camera.id} added`);
    await printRecord(camera, { json, terminal: this.stdout });
  }
}
