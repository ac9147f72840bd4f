import { Args, Flags } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../../cli/change-columns.ts';
import { vehicleFlags } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printList } from '../../../cli/print-list.ts';
import { setVehicle } from '../../../services/households/change-vehicles.ts';

export default class HouseholdsVehicleSet extends HsCommand<typeof HouseholdsVehicleSet> {
  static override summary = 'Change a known vehicle.';
  static override examples = ['<%= config.bin %> households vehicle set AB123CD --no-trusted'];
  static override args = { vehicle: Args.string({ description: 'description, plate or id of the vehicle', required: true }) };
  static override flags = { description: Flags.string({ summary: 'New description.', helpGroup: 'VEHICLE' }), ...vehicleFlags };

  async run(): Promise<void> {
    const { description, plate, type, color, owner, trusted, 'dry-run': dryRun, json } = this.flags;
    const changes = { description, plate, type, color, owner, trusted };
    const options = { vehicle: this.args.vehicle, changes, actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => setVehicle(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
