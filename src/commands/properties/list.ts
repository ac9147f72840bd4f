import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { listProperties } from '../../services/properties/list-properties.ts';
import { PROPERTY_COLUMNS, PROPERTY_LIST_COLUMNS } from '../../services/properties/property-record.ts';

export default class PropertiesList extends HsCommand<typeof PropertiesList> {
  static override summary = 'List properties (sites) with their time zone and how many cameras they have.';
  static override examples = ['<%= config.bin %> properties list', '<%= config.bin %> properties list --json'];
  static override flags = { columns: listFlags.columns, ndjson: listFlags.ndjson, csv: listFlags.csv, ids: listFlags.ids };

  async run(): Promise<void> {
    await this.withDatabase(async ({ knex }) => {
      const rows = await listProperties(knex);
      const columns = recordColumns(PROPERTY_COLUMNS, PROPERTY_LIST_COLUMNS);
      const options = { columns, wanted: this.flags.columns, format: listFormat(this.flags), terminal: this.stdout };
      await printList(rows, { ...options, emptyText: 'no properties' });
    });
  }
}
