import { detectionFlags, toDetectionChoice } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { DETECTION_LIST_COLUMNS, DETECTION_VIEW_COLUMNS } from '../../services/detections/detection-record.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';
import { DETECTION_SORT_FIELDS, listDetections } from '../../services/detections/list-detections.ts';

export default class DetectionsList extends HsCommand<typeof DetectionsList> {
  static override summary = 'List detected objects, newest first.';
  static override description =
    'One line per box in one frame. Give --since, --file or --track in a large store: it then reads those months only.';
  static override examples = [
    '<%= config.bin %> detections list --since 1d --type person --min-confidence 0.6',
    '<%= config.bin %> detections list --file 12 --sort detected_at --limit 0 --csv',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...detectionFlags };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit } = this.flags;
    const sort = parseSort(this.flags.sort, DETECTION_SORT_FIELDS, { field: 'detected_at', descending: true });
    const choice = { scope: { since, until, cameras }, ...toDetectionChoice(this.flags) };
    await this.withDatabase(async ({ knex }) => {
      await assertKnownClasses(knex, this.flags.type, this.settings.detector.classes);
      const detections = await listDetections(knex, { ...choice, sort, limit, zones: this.settings });
      const columns = recordColumns(DETECTION_VIEW_COLUMNS, DETECTION_LIST_COLUMNS);
      await printList(detections, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no detections' });
    });
  }
}
