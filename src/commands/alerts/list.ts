import { alertFlags, toAlertFilter } from '../../cli/alert-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { ALERT_COLUMNS, ALERT_LIST_COLUMNS } from '../../services/alerts/alert-record.ts';
import { ALERT_SORT_FIELDS, listAlerts } from '../../services/alerts/list-alerts.ts';

export default class AlertsList extends HsCommand<typeof AlertsList> {
  static override summary = 'List alerts, newest footage first.';
  static override examples = [
    '<%= config.bin %> alerts list --status pending,delivered --severity high,critical',
    '<%= config.bin %> alerts list --rule Loitering --since 7d --ids | <%= config.bin %> alerts dismiss -',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...alertFlags };

  async run(): Promise<void> {
    const { since, until, camera: cameras, rule: rules, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, ALERT_SORT_FIELDS, { field: 'occurred_at', descending: true });
    const options = { scope: { since, until, cameras }, filter: toAlertFilter(this.flags), rules, sort, limit, zones: this.settings };
    await this.withDatabase(async ({ knex }) => {
      const alerts = await listAlerts(knex, options);
      const columns = recordColumns(ALERT_COLUMNS, ALERT_LIST_COLUMNS);
      await printList(alerts, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no alerts' });
    });
  }
}
