import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { toZoneChanges, zoneCameraFlag, zoneFlags } from '../../cli/zone-flags.ts';
import { zoneOutcomeLines } from '../../cli/zone-text.ts';
import { setZone } from '../../services/zones/set-zone.ts';

export default class ZonesSet extends HsCommand<typeof ZonesSet> {
  static override summary = 'Change a zone.';
  static override description = 'Where that leaves out other detections than before, the events of its camera are derived again.';
  static override examples = [
    '<%= config.bin %> zones set Porch --points "0.1,0.5 0.6,1" --priority 5',
    '<%= config.bin %> zones set Street --camera front_door --disable',
  ];
  static override args = { zone: Args.string({ description: 'name or id of the zone', required: true }) };
  static override flags = {
    camera: zoneCameraFlag,
    name: Flags.string({ summary: 'New name.', helpGroup: 'ZONE' }),
    ...zoneFlags,
  };

  async run(): Promise<void> {
    const { camera, name, 'dry-run': dryRun, json } = this.flags;
    const changes = { name, ...toZoneChanges(this.flags) };
    const choice = { zone: this.args.zone, camera };
    const options = { choice, changes, actor: actorName(this.settings.actor), dryRun, settings: this.settings };
    const { changes: changed, ...outcome } = await this.withDatabase(({ knex }) => setZone(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    for (const line of zoneOutcomeLines(outcome)) this.note(line);
    if (dryRun) this.note('nothing was changed');
  }
}
