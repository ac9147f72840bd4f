import { Args, Flags } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../../cli/change-columns.ts';
import { memberFlags } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printList } from '../../../cli/print-list.ts';
import { setMember } from '../../../services/households/change-members.ts';

export default class HouseholdsMemberSet extends HsCommand<typeof HouseholdsMemberSet> {
  static override summary = 'Change a member of a household.';
  static override examples = ['<%= config.bin %> households member set Anna --schedule "weekdays 17:00-08:00; weekends all_day"'];
  static override args = { member: Args.string({ description: 'name or id of the member', required: true }) };
  static override flags = { name: Flags.string({ summary: 'New name.', helpGroup: 'MEMBER' }), ...memberFlags };

  async run(): Promise<void> {
    const { name, role, trust, schedule, notes, 'dry-run': dryRun, json } = this.flags;
    const changes = { name, role, trust, schedule, notes };
    const options = { member: this.args.member, changes, actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => setMember(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
