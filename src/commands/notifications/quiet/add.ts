import { Flags } from '@oclif/core';
import { actorName } from '../../../cli/actor-name.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { quietFlags, toDays } from '../../../cli/notification-flags.ts';
import { printRecord } from '../../../cli/print-record.ts';
import { addQuietHours } from '../../../services/notifications/quiet-hours.ts';

export default class NotificationsQuietAdd extends HsCommand<typeof NotificationsQuietAdd> {
  static override summary = 'Add hours in which nobody is told of anything. Over midnight they belong to the day they begin on.';
  static override examples = ['<%= config.bin %> notifications quiet add --from 22:00 --to 06:00 --days friday,saturday --label Weekend'];
  static override flags = {
    from: Flags.string({ summary: 'First minute, by the clock of the camera.', helpValue: 'HH:MM', required: true }),
    to: Flags.string({ summary: 'First minute that is no longer quiet.', helpValue: 'HH:MM', required: true }),
    ...quietFlags,
  };

  async run(): Promise<void> {
    const { from, to, label, days, 'dry-run': dryRun, json } = this.flags;
    const options = { period: { from, to, label, days: toDays(days) }, actor: actorName(this.settings.actor), dryRun };
    const record = await this.withDatabase(({ knex }) => addQuietHours(knex, options));
    this.note(`quiet hours ${dryRun ? 'would be added' : 'added'}`);
    await printRecord(record, { json, terminal: this.stdout });
  }
}
