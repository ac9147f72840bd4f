import { Args } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { assertConfirmed, confirmFlags } from '../../../cli/confirm-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { removeQuietHours } from '../../../services/notifications/quiet-hours.ts';

export default class NotificationsQuietDelete extends HsCommand<typeof NotificationsQuietDelete> {
  static override summary = 'Delete a period of quiet hours, also one over midnight as a whole.';
  static override examples = ['<%= config.bin %> notifications quiet delete Weekend --yes'];
  static override args = { period: Args.string({ description: 'label or id', required: true }) };
  static override flags = confirmFlags;

  async run(): Promise<void> {
    assertConfirmed(this.flags, 'deleting quiet hours');
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { period: this.args.period, actor: actorName(this.settings.actor), dryRun };
    const deleted = await this.withDatabase(({ knex }) => removeQuietHours(knex, options));
    if (json) await this.printJson({ schema_version: 1, item: deleted });
    else await this.print(`quiet hours ${String(deleted.label)} ${dryRun ? 'would be deleted' : 'deleted'}`);
  }
}
