import { Flags } from '@oclif/core';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { suggestZones, type ZoneSuggestion } from '../../services/zones/suggest-zones.ts';

const COLUMNS: Column<ZoneSuggestion>[] = [
  { key: 'camera_id', value: (one) => one.camera_id },
  { key: 'name', value: (one) => one.name },
  { key: 'object_types', value: (one) => one.object_types },
  { key: 'days', value: (one) => one.days },
  { key: 'frames', value: (one) => one.frames },
  { key: 'first_seen', value: (one) => one.first_seen, format: (one) => one.first_seen_local },
  { key: 'last_seen', value: (one) => one.last_seen, format: (one) => one.last_seen_local },
  { key: 'class_group', value: (one) => one.class_group, isExtra: true },
  { key: 'box', value: (one) => one.box, isExtra: true },
  { key: 'crops', value: (one) => one.crops, isExtra: true },
  { key: 'command', value: (one) => one.command, isExtra: true },
];

export default class ZonesSuggest extends HsCommand<typeof ZonesSuggest> {
  static override summary = 'Find what stands in the same place again and again, and could be left out of events.';
  static override description =
    'Looked at are the two weeks before the newest footage of each camera: places taken on three days and in twenty frames. ' +
    'The command below each leaves out boxes of that class whose middle lies right there, and nothing else.';
  static override examples = ['<%= config.bin %> zones suggest', '<%= config.bin %> zones suggest --camera drive --out crops'];
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    camera: footageFlags.camera,
    out: Flags.string({ summary: 'Folder for pictures of what stands there; made if need be.', helpValue: 'FOLDER' }),
  };

  async run(): Promise<void> {
    const { camera: cameras, out, columns: wanted } = this.flags;
    const { settings } = this;
    const found = await this.withDatabase(({ knex }) => suggestZones(knex, { cameras, out, settings }));
    const format = listFormat(this.flags);
    await printList(found, {
      columns: COLUMNS,
      wanted,
      format,
      terminal: this.stdout,
      emptyText: 'nothing stands in the same place often enough',
    });
    if (format !== 'table' || found.length === 0) return;
    for (const path of found.flatMap(({ crops }) => crops)) this.note(path);
    await this.print(`\n${found.map(({ command }) => command).join('\n')}`);
  }
}
