import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { deleteArea } from '../../services/areas/delete-area.ts';

export default class AreasDelete extends HsCommand<typeof AreasDelete> {
  static override summary = 'Delete an area; its cameras stay.';
  static override examples = ['<%= config.bin %> areas delete Garage --yes'];
  static override args = { area: Args.string({ description: 'name or id of the area', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting an area');
    const options = { area: this.args.area, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteArea(knex, options));
    if (json) await printRecord({ ...deleted, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(`area ${deleted.name} of ${deleted.property} ${dryRun ? 'would be deleted' : 'deleted'}`);
  }
}
