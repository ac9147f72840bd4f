import { Args } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../../cli/confirm-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { deleteVehicle } from '../../../services/households/change-vehicles.ts';

export default class HouseholdsVehicleDelete extends HsCommand<typeof HouseholdsVehicleDelete> {
  static override summary = 'Delete a known vehicle.';
  static override examples = ['<%= config.bin %> households vehicle delete AB123CD --yes'];
  static override args = { vehicle: Args.string({ description: 'description, plate or id of the vehicle', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting a vehicle');
    const options = { vehicle: this.args.vehicle, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteVehicle(knex, options));
    if (json) await printRecord({ ...deleted, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(`vehicle ${deleted.description} of ${deleted.household} ${dryRun ? 'would be deleted' : 'deleted'}`);
  }
}
