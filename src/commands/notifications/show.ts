import { HsCommand } from '../../cli/hs-command.ts';
import { printRecord } from '../../cli/print-record.ts';
import { showNotifications } from '../../services/notifications/show-notifications.ts';

export default class NotificationsShow extends HsCommand<typeof NotificationsShow> {
  static override summary = 'Show of what somebody is told, when not, and over which channels.';
  static override description = 'Channels are set in the configuration file, below notifications.channels.';
  static override examples = ['<%= config.bin %> notifications show --json'];

  async run(): Promise<void> {
    const shown = await this.withDatabase(({ knex }) => showNotifications(knex, this.settings));
    await printRecord(shown, { json: this.flags.json, terminal: this.stdout });
  }
}
