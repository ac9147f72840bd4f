import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { propertyFlags } from '../../cli/site-flags.ts';
import { setProperty } from '../../services/properties/set-property.ts';

export default class PropertiesSet extends HsCommand<typeof PropertiesSet> {
  static override summary = 'Change a property.';
  static override description = 'A new time zone holds for files that are ingested from then on.';
  static override examples = ['<%= config.bin %> properties set Home --name "Town house" --timezone Europe/Vienna'];
  static override args = { property: Args.string({ description: 'name or id of the property', required: true }) };
  static override flags = {
    name: Flags.string({ summary: 'New name.', helpGroup: 'SITE' }),
    ...propertyFlags,
  };

  async run(): Promise<void> {
    const { name, timezone, address, household, 'dry-run': dryRun, json } = this.flags;
    const changes = { name, timezone, address, household };
    const options = { property: this.args.property, changes, actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => setProperty(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
    else if (changed.some(({ column }) => column === 'timezone')) this.note('this holds for files that are ingested from now on');
  }
}
