import { Args, Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { printRecord } from '../../cli/print-record.ts';
import { drawCamera } from '../../services/zones/draw-camera.ts';

export default class ZonesDraw extends HsCommand<typeof ZonesDraw> {
  static override summary = 'Draw the zones of a camera on a frame of its footage, as PNG.';
  static override description =
    'Zones that leave something out are hatched, zones that are disabled have a dashed outline. A dot marks where a box touches the ground: it decides in which zone the box is.';
  static override examples = [
    '<%= config.bin %> zones draw front_door --out zones.png',
    '<%= config.bin %> zones draw front_door --at "2026-01-14 08:15" --heat --since 7d --out zones.png',
  ];
  static override args = { camera: Args.string({ description: 'id or name of the camera; the only one when left out' }) };
  static override flags = {
    out: Flags.string({ summary: 'File or folder to write to; a new file in the current folder without it.', helpValue: 'PATH' }),
    file: Flags.string({ summary: 'File to draw on, by id or path; the newest without it.', helpValue: 'FILE', exclusive: ['at'] }),
    at: Flags.string({ summary: 'Moment of footage to draw on, such as 2026-01-14T08:15.', helpValue: 'TIME' }),
    boxes: Flags.boolean({ summary: 'What was detected in the frame.', default: true, allowNo: true }),
    standing: Flags.boolean({ summary: 'Objects that stand there again and again, as `hs zones suggest` finds them.', default: false }),
    heat: Flags.boolean({
      summary: 'Where moving objects touched the ground, in the last 30 days unless --since says otherwise.',
    }),
    since: { ...footageFlags.since, dependsOn: ['heat'] },
    until: { ...footageFlags.until, dependsOn: ['heat'] },
  };

  async run(): Promise<void> {
    const { out, file, at, boxes, standing, heat, since, until, json } = this.flags;
    const wanted = { camera: this.args.camera, out, file, at, boxes, standing, heat, since, until };
    const options = { ...wanted, folder: process.cwd(), settings: this.settings };
    const picture = await this.withDatabase(({ knex }) => drawCamera(knex, options));
    if (json) await printRecord(picture, { json, terminal: this.stdout });
    else await this.print(picture.path);
    if (!picture.has_names) this.note('this system has no font, so names are missing in the picture; fontconfig and any font bring them');
  }
}
