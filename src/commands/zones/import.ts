import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readTextFile } from '../../cli/read-text.ts';
import { zoneOutcomeLines } from '../../cli/zone-text.ts';
import { importZones, type ImportedZone } from '../../services/zones/import-zones.ts';

const COLUMNS: Column<ImportedZone>[] = (['id', 'camera_id', 'name', 'result'] as const).map((key) => ({
  key,
  value: (zone) => zone[key],
}));

export default class ZonesImport extends HsCommand<typeof ZonesImport> {
  static override summary = 'Add or change zones from a JSON file, all of them or none.';
  static override description =
    'The file is one that `hs zones export` wrote: {"schema": "hs-zones", "schema_version": 1, "zones": [{"camera_id", "name", "coordinates", …}]}. ' +
    'Zones are told by their id, those without one by camera and name. Zones that the file does not name stay.';
  static override examples = ['<%= config.bin %> zones import zones.json --dry-run'];
  static override args = { file: Args.string({ description: 'file to read, - for standard input', required: true }) };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const { settings } = this;
    const text = await readTextFile(this.args.file);
    const options = { text, actor: actorName(settings.actor), dryRun, settings };
    const { zones, ...outcome } = await this.withDatabase(({ knex }) => importZones(knex, options));
    const format = json ? 'json' : 'table';
    await printList(zones, { columns: COLUMNS, format, terminal: this.stdout, emptyText: 'no zones in the file' });
    for (const line of zoneOutcomeLines(outcome)) this.note(line);
    if (dryRun) this.note('nothing was changed');
  }
}
