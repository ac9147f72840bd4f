import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { deleteHousehold, type DeletedHousehold } from '../../services/households/change-households.ts';

export default class HouseholdsDelete extends HsCommand<typeof HouseholdsDelete> {
  static override summary = 'Delete a household with its members, vehicles and properties; cameras and their footage stay.';
  static override examples = ['<%= config.bin %> households delete Cabin --dry-run'];
  static override args = { household: Args.string({ description: 'name or id of the household', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting a household');
    const options = { household: this.args.household, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteHousehold(knex, options));
    if (json) await printRecord({ ...deleted, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(deletedText(deleted, dryRun));
  }
}

function deletedText(deleted: DeletedHousehold, dryRun: boolean): string {
  const { name, members_deleted: members, vehicles_deleted: vehicles, properties_deleted: properties } = deleted;
  const gone = { members, vehicles, properties };
  return [
    `household ${name} ${dryRun ? 'would be deleted' : 'deleted'}`,
    ...Object.entries(gone).flatMap(([what, names]) => (names.length === 0 ? [] : [`${what} deleted with it: ${names.join(', ')}`])),
  ].join('\n');
}
