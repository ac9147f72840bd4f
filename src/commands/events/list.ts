import { eventFlags, toEventFilter } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { EVENT_LIST_COLUMNS, EVENT_VIEW_COLUMNS } from '../../services/events/event-record.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';
import { EVENT_SORT_FIELDS, listEvents } from '../../services/events/list-events.ts';

export default class EventsList extends HsCommand<typeof EventsList> {
  static override summary = 'List events, newest first.';
  static override description =
    'Times are shown as the camera’s own local time with its offset, in JSON and CSV as UTC. A date without a time given to --until includes that day.';
  static override examples = [
    '<%= config.bin %> events list --since 7d --camera "front_*" --type person',
    '<%= config.bin %> events list --zone Porch --min-score 50 --text "red jacket"',
    '<%= config.bin %> events list --level high,critical --no-reviewed --ids | <%= config.bin %> export events --ids - --out review.csv',
  ];
  static override flags = { ...listFlags, ...footageFlags, ...eventFlags };

  async run(): Promise<void> {
    const { since, until, camera: cameras, zone: inZones, columns: wanted } = this.flags;
    const sort = parseSort(this.flags.sort, EVENT_SORT_FIELDS, { field: 'started_at', descending: true });
    const filter = toEventFilter(this.flags);
    const format = listFormat(this.flags);
    const isWhole = wanted === undefined && (format === 'json' || format === 'ndjson');
    const shown: readonly string[] = wanted ?? EVENT_LIST_COLUMNS;
    await this.withDatabase(async ({ knex }) => {
      await assertKnownClasses(knex, filter.types, this.settings.detector.classes);
      const events = await listEvents(knex, {
        scope: { since, until, cameras },
        filter,
        inZones,
        sort,
        limit: this.flags.limit,
        columns: isWhole ? EVENT_VIEW_COLUMNS : EVENT_VIEW_COLUMNS.filter((column) => shown.includes(column)),
        zones: this.settings,
      });
      const columns = recordColumns(EVENT_VIEW_COLUMNS, EVENT_LIST_COLUMNS);
      await printList(events, { columns, wanted, format, terminal: this.stdout, emptyText: 'no events' });
    });
  }
}
