import { householdFlag } from '../../../cli/household-flags.ts';
import { HsCommand } from '../../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../../cli/list-flags.ts';
import { printList } from '../../../cli/print-list.ts';
import { recordColumns } from '../../../cli/record-columns.ts';
import { VEHICLE_COLUMNS, VEHICLE_LIST_COLUMNS } from '../../../services/households/household-record.ts';
import { listVehicles } from '../../../services/households/list-households.ts';

export default class HouseholdsVehicleList extends HsCommand<typeof HouseholdsVehicleList> {
  static override summary = 'List the known vehicles of households.';
  static override examples = ['<%= config.bin %> households vehicle list'];
  static override flags = {
    ...householdFlag,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
  };

  async run(): Promise<void> {
    const { household, columns: wanted } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const rows = await listVehicles(knex, household);
      const columns = recordColumns(VEHICLE_COLUMNS, VEHICLE_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no vehicles' });
    });
  }
}
