import { Args, Flags } from '@oclif/core';

import { HsCommand } from '../../cli/hs-command.ts';
import { asOfFlag } from '../../cli/moment-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { printRecord } from '../../cli/print-record.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { explainSlot, OCCURRENCE_COLUMNS } from '../../services/baselines/explain-slot.ts';
import { WEEKDAYS } from '../../services/baselines/show-baselines.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';

export default class BaselinesExplain extends HsCommand<typeof BaselinesExplain> {
  static override summary = 'Show the numbers behind one slot: every covered hour with its weight.';
  static override description =
    'tracks_per_hour is weighted_tracks divided by weighted_exposure. The weight halves every ten days before the newest covered hour of the slot.';
  static override examples = [
    '<%= config.bin %> baselines explain gate --weekday monday --hour 14',
    '<%= config.bin %> baselines explain gate --class person --hour 3',
    '<%= config.bin %> baselines explain gate --at 2026-01-14T08:15',
  ];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };
  static override flags = {
    at: Flags.string({ summary: 'An instant in the slot: ISO 8601 or 7d.', helpValue: 'TIME', exclusive: ['weekday', 'hour'] }),
    weekday: Flags.string({
      summary: 'Day of the week in the time of the camera.',
      options: [...WEEKDAYS, ...WEEKDAYS.map((day) => day.slice(0, 3))],
    }),
    hour: Flags.integer({ summary: 'Hour of the day, 0–23.', min: 0, max: 23 }),
    class: Flags.string({ summary: 'Only this class; without --weekday on all days.', helpValue: 'CLASS' }),
    'as-of': asOfFlag('As it was at that time; by default as stored.'),
  };

  async run(): Promise<void> {
    const { at, weekday, hour, class: label, 'as-of': asOf, json } = this.flags;
    const { slot, occurrences } = await this.withDatabase(async ({ knex }) => {
      await assertKnownClasses(knex, label === undefined ? undefined : [label], this.settings.detector.classes);
      return explainSlot(knex, { camera: this.args.camera, slot: { at, weekday, hour, label }, asOf, zones: this.settings });
    });
    if (json) {
      await this.printJson({ schema_version: 1, item: slot, occurrences });
      return;
    }
    await printRecord(slot, { json: false, terminal: this.stdout });
    await this.print('');
    const columns = recordColumns(OCCURRENCE_COLUMNS, OCCURRENCE_COLUMNS.slice(0, 8));
    await printList(occurrences, { columns, format: 'table', terminal: this.stdout, emptyText: 'no covered hour' });
  }
}
