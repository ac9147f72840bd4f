import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { areaFlags } from '../../cli/site-flags.ts';
import { setArea } from '../../services/areas/set-area.ts';

export default class AreasSet extends HsCommand<typeof AreasSet> {
  static override summary = 'Change an area.';
  static override examples = ['<%= config.bin %> areas set Garage --name Workshop --description "behind the house"'];
  static override args = { area: Args.string({ description: 'name or id of the area', required: true }) };
  static override flags = {
    name: Flags.string({ summary: 'New name.', helpGroup: 'AREA' }),
    ...areaFlags,
  };

  async run(): Promise<void> {
    const { name, property, description, color, 'dry-run': dryRun, json } = this.flags;
    const changes = { name, property, description, color };
    const options = { area: this.args.area, changes, actor: actorName(this.settings.actor), dryRun };
    const changed = await this.withDatabase(({ knex }) => setArea(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changed, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
