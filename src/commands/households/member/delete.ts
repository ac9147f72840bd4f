import { Args } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../../cli/confirm-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { deleteMember, type DeletedMember } from '../../../services/households/change-members.ts';

export default class HouseholdsMemberDelete extends HsCommand<typeof HouseholdsMemberDelete> {
  static override summary = 'Delete a member with the reference pictures; vehicles stay, without an owner.';
  static override examples = ['<%= config.bin %> households member delete Gardener --yes'];
  static override args = { member: Args.string({ description: 'name or id of the member', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting a member');
    const options = { member: this.args.member, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteMember(knex, options));
    if (json) await printRecord({ ...deleted, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(deletedText(deleted, dryRun));
  }
}

function deletedText({ name, household, vehicles_without_owner: vehicles }: DeletedMember, dryRun: boolean): string {
  const said = `member ${name} of ${household} ${dryRun ? 'would be deleted' : 'deleted'}`;
  return vehicles.length === 0 ? said : `${said}\nvehicles without an owner now: ${vehicles.join(', ')}`;
}
