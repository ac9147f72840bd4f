import { Args } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { newMemberFlags } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { addMember } from '../../../services/households/change-members.ts';

export default class HouseholdsMemberAdd extends HsCommand<typeof HouseholdsMemberAdd> {
  static override summary = 'Add a person who belongs to a household.';
  static override description = 'The household is made as "Home" when there is none yet.';
  static override examples = [
    '<%= config.bin %> households member add Anna',
    '<%= config.bin %> households member add Gardener --role service_worker --trust partial --schedule "friday 09:00-12:00"',
  ];
  static override args = { name: Args.string({ description: 'name of the person', required: true }) };
  static override flags = newMemberFlags;

  async run(): Promise<void> {
    const { household, role, trust, schedule, notes, 'dry-run': dryRun, json } = this.flags;
    const changes = { role, trust, schedule, notes };
    const options = { name: this.args.name, household, changes, actor: actorName(this.settings.actor), dryRun };
    const member = await this.withDatabase(({ knex }) => addMember(knex, options));
    this.note(dryRun ? `member ${options.name} would be added` : `member ${options.name} added`);
    await printRecord(member, { json, terminal: this.stdout });
  }
}
