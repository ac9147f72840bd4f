import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { householdChangeFlags } from '../../cli/household-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { setHousehold } from '../../services/households/change-households.ts';

export default class HouseholdsSet extends HsCommand<typeof HouseholdsSet> {
  static override summary = 'Give a household another name.';
  static override examples = ['<%= config.bin %> households set Home --name "Town house"'];
  static override args = { household: Args.string({ description: 'name or id of the household', required: true }) };
  static override flags = { name: Flags.string({ summary: 'New name.', required: true }), ...householdChangeFlags };

  async run(): Promise<void> {
    const { name, 'dry-run': dryRun, json } = this.flags;
    const options = { household: this.args.household, name, actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => setHousehold(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
