import { Flags } from '@oclif/core';
import { wordsFlag } from '../../cli/choice-flag.ts';
import { zoneFlag } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat, parseSort } from '../../cli/list-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';
import { listTracks, TRACK_COLUMNS, TRACK_LIST_COLUMNS, TRACK_SORT_FIELDS } from '../../services/tracks/list-tracks.ts';
import { LARGEST_INTEGER } from '../../cli/largest-integer.ts';

export default class TracksList extends HsCommand<typeof TracksList> {
  static override summary = 'List objects followed over time, newest first.';
  static override examples = ['<%= config.bin %> tracks list --type person --min-duration 60'];
  static override flags = {
    ...listFlags,
    ...footageFlags,
    type: wordsFlag('Only these classes, such as person,car.'),
    'min-duration': Flags.integer({
      summary: 'Only objects seen for at least this many seconds.',
      min: 0,
      max: LARGEST_INTEGER,
      helpGroup: 'FILTER',
    }),
    zone: zoneFlag,
  };

  async run(): Promise<void> {
    const { since, until, camera: cameras, columns: wanted, limit, type: types, zone: inZones } = this.flags;
    const minDurationS = this.flags['min-duration'];
    const sort = parseSort(this.flags.sort, TRACK_SORT_FIELDS, { field: 'first_seen', descending: true });
    const filter = { types, minDurationMs: minDurationS === undefined ? undefined : minDurationS * 1000 };
    await this.withDatabase(async ({ knex }) => {
      await assertKnownClasses(knex, types, this.settings.detector.classes);
      const tracks = await listTracks(knex, { scope: { since, until, cameras }, filter, inZones, sort, limit, zones: this.settings });
      const columns = recordColumns(TRACK_COLUMNS, TRACK_LIST_COLUMNS);
      await printList(tracks, { columns, wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'no tracks' });
    });
  }
}
