import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { toZoneChanges, zoneFlags } from '../../cli/zone-flags.ts';
import { zoneOutcomeLines } from '../../cli/zone-text.ts';
import { addZone } from '../../services/zones/add-zone.ts';

export default class ZonesAdd extends HsCommand<typeof ZonesAdd> {
  static override summary = 'Draw a zone on the picture of a camera; --camera may be left out when there is only one.';
  static override description =
    'Where a zone of purpose ignore comes or goes, the events of its camera are derived again. `hs zones draw` shows what it covers.';
  static override examples = [
    '<%= config.bin %> zones add Porch --camera front_door --points "0.1,0.55 0.6,1" --type entry_point',
    '<%= config.bin %> zones add Street --camera front_door --purpose ignore --classes vehicle --points "0,0 1,0 1,0.2 0,0.3"',
  ];
  static override args = { name: Args.string({ description: 'name of the zone', required: true }) };
  static override flags = {
    camera: Flags.string({ summary: 'Camera whose picture it is drawn on, by id or name.', helpValue: 'ID', helpGroup: 'ZONE' }),
    id: Flags.string({ summary: 'Id to know it by; made up when left out.', helpValue: 'ID', helpGroup: 'ZONE' }),
    ...zoneFlags,
  };

  async run(): Promise<void> {
    const { camera, id, 'dry-run': dryRun, json } = this.flags;
    const changes = toZoneChanges(this.flags);
    const options = { name: this.args.name, camera, id, changes, actor: actorName(this.settings.actor), dryRun, settings: this.settings };
    const { zone, ...outcome } = await this.withDatabase(({ knex }) => addZone(knex, options));
    this.note(`zone ${options.name} ${dryRun ? 'would be added' : 'added'}`);
    for (const line of zoneOutcomeLines(outcome)) this.note(line);
    await printRecord(zone, { json, terminal: this.stdout });
  }
}
