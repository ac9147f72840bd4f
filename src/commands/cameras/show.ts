import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showCamera } from '../../services/cameras/show-camera.ts';

export default class CamerasShow extends HsCommand<typeof CamerasShow> {
  static override summary = 'Show a camera, its settings and its footage.';
  static override examples = ['<%= config.bin %> cameras show front_door'];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      await printRecord(await showCamera(knex, this.args.camera, this.settings), { json: this.flags.json, terminal: this.stdout });
    });
  }
}
