import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listSchedules } from '../../services/schedules/edit-schedules.ts';
import { SCHEDULE_COLUMNS, SCHEDULE_LIST_COLUMNS } from '../../services/schedules/schedule-record.ts';

export default class SchedulesList extends HsCommand<typeof SchedulesList> {
  static override summary = 'List what workers run at certain times: when it is due next, and what came of the last time.';
  static override description =
    'Times are those of the zone of the schedule. `hs jobs show` and `hs jobs logs` have more about the last job.';
  static override examples = ['<%= config.bin %> schedules list', '<%= config.bin %> schedules list --json'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      const columns = recordColumns(SCHEDULE_COLUMNS, SCHEDULE_LIST_COLUMNS);
      const format = { wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no schedules' };
      await printList(await listSchedules(knex), { columns, ...format });
    });
  }
}
