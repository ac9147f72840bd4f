import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { MOVED_COLUMNS } from '../../cli/moved-columns.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { printList } from '../../cli/print-list.ts';
import { readWords } from '../../cli/read-words.ts';
import { moveAlerts } from '../../services/alerts/move-alerts.ts';

export default class AlertsAck extends HsCommand<typeof AlertsAck> {
  static override summary = 'Say that alerts were seen.';
  static override description = 'All of them or none. One that was acknowledged or dismissed before stays as it is.';
  static override examples = ['<%= config.bin %> alerts list --status pending --ids | <%= config.bin %> alerts ack -'];
  static override strict = false;
  static override args = {
    alert: Args.string({ description: 'id of an alert; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = { 'dry-run': Flags.boolean({ summary: 'Say what would change and change nothing.', default: false }) };

  async run(): Promise<void> {
    const { 'dry-run': dryRun, json } = this.flags;
    const options = { ids: await readWords(this.words), to: 'acknowledged' as const, actor: actorName(this.settings.actor), dryRun };
    const moved = await this.withDatabase(({ knex }) => moveAlerts(knex, options));
    const format = json ? 'json' : 'table';
    await printList(moved, { columns: MOVED_COLUMNS, format, terminal: this.stdout, emptyText: 'no alerts' });
    if (dryRun) this.note('nothing was changed');
  }
}
