import { Args } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecords } from '../../cli/print-records.ts';
import { readWords } from '../../cli/read-words.ts';
import { showCamera, type CameraDetails } from '../../services/cameras/show-camera.ts';

export default class CamerasShow extends HsCommand<typeof CamerasShow> {
  static override summary = 'Show a camera, its settings and its footage.';
  static override examples = ['<%= config.bin %> cameras show front_door'];
  static override strict = false;
  static override args = {
    camera: Args.string({ description: 'id of a camera; several may be given, - reads them from standard input', required: true }),
  };

  async run(): Promise<void> {
    const ids = await readWords(this.words);
    await this.withDatabase(async ({ knex }) => {
      const cameras: CameraDetails[] = [];
      for (const id of ids) cameras.push(await showCamera(knex, id, this.settings));
      await printRecords(cameras, { words: this.words, json: this.flags.json, terminal: this.stdout });
    });
  }
}
