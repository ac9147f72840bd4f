import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { householdChangeFlags } from '../../cli/household-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { addHousehold } from '../../services/households/change-households.ts';

export default class HouseholdsAdd extends HsCommand<typeof HouseholdsAdd> {
  static override summary = 'Add a household.';
  static override description = 'Needed only when there are several: the first member, vehicle or property makes the household "Home".';
  static override examples = ['<%= config.bin %> households add Cabin'];
  static override args = { name: Args.string({ description: 'name of the household', required: true }) };
  static override flags = householdChangeFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { name: this.args.name, actor: actorName(this.settings.actor), dryRun };
    const household = await this.withDatabase(({ knex }) => addHousehold(knex, options));
    this.note(dryRun ? `household ${options.name} would be added` : `household ${options.name} added`);
    await printRecord(household, { json, terminal: this.stdout });
  }
}
