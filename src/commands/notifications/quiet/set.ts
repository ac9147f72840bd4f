import { Args, Flags } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { quietFlags, toDays } from '../../../cli/notification-flags.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { setQuietHours } from '../../../services/notifications/quiet-hours.ts';

export default class NotificationsQuietSet extends HsCommand<typeof NotificationsQuietSet> {
  static override summary = 'Change a period of quiet hours as a whole.';
  static override examples = ['<%= config.bin %> notifications quiet set Weekend --to 07:00'];
  static override args = { period: Args.string({ description: 'label or id', required: true }) };
  static override flags = {
    from: Flags.string({ summary: 'First minute, by the clock of the camera.', helpValue: 'HH:MM' }),
    to: Flags.string({ summary: 'First minute that is no longer quiet.', helpValue: 'HH:MM' }),
    ...quietFlags,
  };

  async run(): Promise<void> {
    const { from, to, label, days, 'dry-run': dryRun, json } = this.flags;
    const changes = { from, to, label, days: toDays(days) };
    const options = { period: this.args.period, changes, actor: actorName(this.settings.actor), dryRun };
    const { after } = await this.withDatabase(({ knex }) => setQuietHours(knex, options));
    if (dryRun) this.note('nothing was changed');
    await printRecord(after, { json, terminal: this.stdout });
  }
}
