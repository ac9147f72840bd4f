import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { newPropertyFlags } from '../../cli/site-flags.ts';
import { addProperty } from '../../services/properties/add-property.ts';

export default class PropertiesAdd extends HsCommand<typeof PropertiesAdd> {
  static override summary = 'Add a property: a site with cameras and a time zone.';
  static override description = 'The household it belongs to is made as "Home" when there is none yet.';
  static override examples = [
    '<%= config.bin %> properties add "Summer house" --timezone Europe/Rome --address "Via Nuova 1"',
    '<%= config.bin %> properties add Home --timezone Europe/Berlin --dry-run',
  ];
  static override args = { name: Args.string({ description: 'name of the property', required: true }) };
  static override flags = newPropertyFlags;

  async run(): Promise<void> {
    const { timezone, address, household, 'dry-run': dryRun, json } = this.flags;
    const options = { name: this.args.name, changes: { timezone, address, household }, actor: actorName(this.settings.actor), dryRun };
    const property = await this.withDatabase(({ knex }) => addProperty(knex, options));
    this.note(dryRun ? `property ${options.name} would be added` : `property ${options.name} added`);
    await printRecord(property, { json, terminal: this.stdout });
  }
}
