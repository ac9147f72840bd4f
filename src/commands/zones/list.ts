import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { toZoneFilter, zoneFilterFlags } from '../../cli/zone-flags.ts';
import { listZones } from '../../services/zones/list-zones.ts';
import { ZONE_COLUMNS, ZONE_LIST_COLUMNS } from '../../services/zones/zone-record.ts';

export default class ZonesList extends HsCommand<typeof ZonesList> {
  static override summary = 'List zones; of one camera those first that win where they overlap.';
  static override examples = ['<%= config.bin %> zones list', '<%= config.bin %> zones list --camera front_door --purpose ignore --json'];
  static override flags = {
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
    camera: footageFlags.camera,
    ...zoneFilterFlags,
  };

  async run(): Promise<void> {
    const { columns: wanted, camera: cameras } = this.flags;
    const filter = toZoneFilter(this.flags);
    await this.withDatabase(async ({ knex }) => {
      const rows = await listZones(knex, { cameras, ...filter });
      const columns = recordColumns(ZONE_COLUMNS, ZONE_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no zones' });
    });
  }
}
