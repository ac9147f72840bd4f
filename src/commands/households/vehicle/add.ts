import { Args } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { newVehicleFlags } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { addVehicle } from '../../../services/households/change-vehicles.ts';

export default class HouseholdsVehicleAdd extends HsCommand<typeof HouseholdsVehicleAdd> {
  static override summary = 'Add a vehicle that belongs to a household, or one that is not trusted.';
  static override examples = ['<%= config.bin %> households vehicle add "red estate car" --plate "AB-12 3CD" --owner Anna'];
  static override args = { description: Args.string({ description: 'what it looks like', required: true }) };
  static override flags = newVehicleFlags;

  async run(): Promise<void> {
    const { household, plate, type, color, owner, trusted, 'dry-run': dryRun, json } = this.flags;
    const changes = { plate, type, color, owner, trusted };
    const options = { description: this.args.description, household, changes, actor: actorName(this.settings.actor), dryRun };
    const vehicle = await this.withDatabase(({ knex }) => addVehicle(knex, options));
    this.note(dryRun ? `vehicle ${options.description} would be added` : `vehicle ${options.description} added`);
    await printRecord(vehicle, { json, terminal: this.stdout });
  }
}
