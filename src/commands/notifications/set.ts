import { actorName } from '../../cli/actor-name.ts';
import { CHANGE_COLUMNS } from '../../cli/change-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { preferenceFlags, toPreferencePatch } from '../../cli/notification-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { setPreferences } from '../../services/notifications/change-preferences.ts';

export default class NotificationsSet extends HsCommand<typeof NotificationsSet> {
  static override summary = 'Change of what somebody is told, for all cameras.';
  static override examples = [
    '<%= config.bin %> notifications set --levels high,critical',
    '<%= config.bin %> notifications set --disable',
  ];
  static override flags = preferenceFlags;

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { patch: toPreferencePatch(this.flags), actor: actorName(this.settings.actor), dryRun };
    const changes = await this.withDatabase(({ knex }) => setPreferences(knex, options));
    const format = json ? 'json' : 'table';
    await printList(changes, { columns: CHANGE_COLUMNS, format, terminal: this.stdout, emptyText: 'nothing to change' });
    if (dryRun) this.note('nothing was changed');
  }
}
