import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../cli/confirm-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { deleteProperty, type DeletedProperty } from '../../services/properties/delete-property.ts';

export default class PropertiesDelete extends HsCommand<typeof PropertiesDelete> {
  static override summary = 'Delete a property and its areas; its cameras and their footage stay.';
  static override examples = ['<%= config.bin %> properties delete "Summer house" --dry-run'];
  static override args = { property: Args.string({ description: 'name or id of the property', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    assertConfirmed(this.flags, 'deleting a property');
    const options = { property: this.args.property, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => deleteProperty(knex, options));
    if (json) await printRecord({ ...deleted, dry_run: dryRun }, { json, terminal: this.stdout });
    else await this.print(deletedText(deleted, dryRun));
  }
}

function deletedText(deleted: DeletedProperty, dryRun: boolean): string {
  const { name, areas_deleted: areas, cameras_without_property: cameras, cameras_without_timezone: zoneless } = deleted;
  return [
    `property ${name} ${dryRun ? 'would be deleted' : 'deleted'}`,
    ...(areas.length === 0 ? [] : [`with its areas: ${areas.join(', ')}`]),
    `${cameras.length === 1 ? '1 camera is' : `${String(cameras.length)} cameras are`} left without a property${listed(cameras)}`,
    ...(zoneless.length === 0
      ? []
      : [`without a time zone of their own${listed(zoneless)}; set one with: hs cameras set ID --timezone ZONE`]),
  ].join('\n');
}

function listed(ids: readonly string[]): string {
  return ids.length === 0 ? '' : `: ${ids.join(', ')}`;
}
