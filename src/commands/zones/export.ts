import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { exportZones } from '../../services/zones/export-zones.ts';

export default class ZonesExport extends HsCommand<typeof ZonesExport> {
  static override summary = 'Write zones as JSON that `hs zones import` reads.';
  static override examples = [
    '<%= config.bin %> zones export --out zones.json',
    '<%= config.bin %> zones export --camera "front_*" > front.json',
  ];
  static override flags = {
    camera: footageFlags.camera,
    out: Flags.string({ summary: 'File to write; standard output without it, or with -.', helpValue: 'FILE' }),
  };

  async run(): Promise<void> {
    const { camera: cameras, out } = this.flags;
    const options = { cameras, out, folder: process.cwd() };
    const { text, count, path } = await this.withDatabase(({ knex }) => exportZones(knex, options));
    if (path === undefined) await this.print(text);
    else this.note(`${String(count)} ${count === 1 ? 'zone' : 'zones'} written to ${path}`);
  }
}
