import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { visibleText } from '../../cli/visible-text.ts';
import { writeNote } from '../../cli/write-out.ts';
import { EXIT } from '../../errors/exit-codes.ts';

export default class EventsSheet extends HsCommand<typeof EventsSheet> {
  static override summary = 'Draw the most telling frames of an event on one picture.';
  static override description =
    'At most 12 frames: the first and the last one of the event, of each track the one that shows it best, and others evenly between. Each has its moment in the time of the camera with its offset from UTC below it.';
  static override examples = ['<%= config.bin %> events sheet 7 --boxes', '<%= config.bin %> events sheet 7 --out visitor.png --columns 3'];
  static override args = { event: Args.string({ description: 'id of the event', required: true }) };
  static override flags = {
    out: Flags.string({ summary: 'File (.jpg or .png) or folder; by default a new .jpg in the current folder.', helpValue: 'FILE' }),
    columns: Flags.integer({ summary: 'Pictures beside each other.', default: 4, min: 1, max: 12, helpValue: 'N' }),
    boxes: Flags.boolean({ summary: 'Draw boxes with class and confidence where objects of the event were seen.', default: false }),
    verify: Flags.boolean({ summary: 'Compare originals by their sha256, not only by size and time.', default: false }),
  };

  async run(): Promise<void> {
    const { fontRemark } = await import('../../services/clips/font-remark.ts');
    const { drawEventSheet } = await import('../../services/sheets/draw-event-sheet.ts');
    const { out, columns, boxes, verify, json } = this.flags;
    const id = toId(this.args.event);
    const wanted = { out, folder: process.cwd(), columns, boxes, verify, settings: this.settings };
    const sheet = await this.withDatabase(({ knex }) =>
      drawEventSheet(knex, id, {
        ...wanted,
        actor: actorName(this.settings.actor),
        signal: this.signal,
        onFailure: (text) => {
          this.exitWith(EXIT.someFailed);
          // A failure is no remark: --quiet does not hide it.
          writeNote(visibleText(text));
        },
      }),
    );
    await printRecord(sheet, { json, terminal: this.stdout });
    this.remark(await fontRemark());
  }
}
