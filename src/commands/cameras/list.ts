import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { CAMERA_COLUMNS, CAMERA_LIST_COLUMNS } from '../../services/cameras/camera-record.ts';
import { CAMERA_SORT_FIELDS, listCameras } from '../../services/cameras/list-cameras.ts';

export default class CamerasList extends HsCommand<typeof CamerasList> {
  static override summary = 'List cameras with their time zone and how much they hold.';
  static override examples = ['<%= config.bin %> cameras list', '<%= config.bin %> cameras list --camera "front_*" --json'];
  static override flags = {
    sort: listFlags.sort,
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
    ids: listFlags.ids,
    camera: footageFlags.camera,
  };

  async run(): Promise<void> {
    const { columns: wanted, camera: cameras } = this.flags;
    const sort = parseSort(this.flags.sort, CAMERA_SORT_FIELDS, { field: 'id', descending: false });
    await this.withDatabase(async ({ knex }) => {
      const rows = await listCameras(knex, { cameras, sort, zones: this.settings });
      const columns = recordColumns(CAMERA_COLUMNS, CAMERA_LIST_COLUMNS);
      await printList(rows, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no cameras' });
    });
  }
}
