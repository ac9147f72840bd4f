import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { areaFlags } from '../../cli/site-flags.ts';
import { addArea } from '../../services/areas/add-area.ts';

export default class AreasAdd extends HsCommand<typeof AreasAdd> {
  static override summary = 'Add an area to a property; --property may be left out when there is only one.';
  static override examples = ['<%= config.bin %> areas add Garage --property Home --color "#3366CC"'];
  static override args = { name: Args.string({ description: 'name of the area', required: true }) };
  static override flags = areaFlags;

  async run(): Promise<void> {
    const { property, description, color, 'dry-run': dryRun, json } = this.flags;
    const options = { name: this.args.name, changes: { property, description, color }, actor: actorName(this.settings.actor), dryRun };
    const area = await this.withDatabase(({ knex }) => addArea(knex, options));
    this.note(dryRun ? `area ${options.name} would be added` : `area ${options.name} added`);
    await printRecord(area, { json, terminal: this.stdout });
  }
}
