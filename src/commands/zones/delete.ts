import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { zoneCameraFlag } from '../../cli/zone-flags.ts';
import { zoneOutcomeLines } from '../../cli/zone-text.ts';
import { deleteZone } from '../../services/zones/delete-zone.ts';

export default class ZonesDelete extends HsCommand<typeof ZonesDelete> {
  static override summary = 'Delete a zone; what was seen in it stays.';
  static override examples = ['<%= config.bin %> zones delete Porch --yes'];
  static override args = { zone: Args.string({ description: 'name or id of the zone', required: true }) };
  static override flags = { camera: zoneCameraFlag, ...confirmFlags };

  async run(): Promise<void> {
    const { camera, 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting a zone');
    const { settings } = this;
    const options = { choice: { zone: this.args.zone, camera }, actor: actorName(settings.actor), dryRun, settings };
    const { zone, ...outcome } = await this.withDatabase(({ knex }) => deleteZone(knex, options));
    if (json) await printRecord({ ...zone, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(`zone ${zone.name} of ${zone.camera_id} ${dryRun ? 'would be deleted' : 'deleted'}`);
    for (const line of zoneOutcomeLines(outcome)) this.note(line);
  }
}
