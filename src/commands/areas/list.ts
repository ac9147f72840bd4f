import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { AREA_COLUMNS, AREA_LIST_COLUMNS } from '../../services/areas/area-record.ts';
import { listAreas } from '../../services/areas/list-areas.ts';

export default class AreasList extends HsCommand<typeof AreasList> {
  static override summary = 'List areas, the named parts of properties, with their cameras.';
  static override examples = ['<%= config.bin %> areas list', '<%= config.bin %> areas list --camera front_door --json'];
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
    property: Flags.string({ summary: 'Only areas of this property, by name or id.', helpValue: 'NAME', helpGroup: 'FILTER' }),
    camera: footageFlags.camera,
  };

  async run(): Promise<void> {
    const { columns: wanted, property, camera: cameras } = this.flags;
    await this.withDatabase(async ({ knex }) => {
      const rows = await listAreas(knex, { property, cameras });
      const columns = recordColumns(AREA_COLUMNS, AREA_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no areas' });
    });
  }
}
