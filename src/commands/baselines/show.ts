import { wordsFlag } from '../../cli/choice-flag.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags, listFlags, listFormat } from '../../cli/list-flags.ts';
import { asOfFlag } from '../../cli/moment-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { recordColumns } from '../../cli/record-columns.ts';
import { ACTIVITY_COLUMNS, CLASS_COLUMNS, showActivity, showClasses } from '../../services/baselines/show-baselines.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';

export default class BaselinesShow extends HsCommand<typeof BaselinesShow> {
  static override summary = 'List what is usual: tracks per hour of footage, by weekday and hour, or by class and hour.';
  static override description =
    'Hours are those of the camera. A slot without a row was never covered; a class without a row was never seen at that hour in the 30 days.';
  static override examples = [
    '<%= config.bin %> baselines show --camera gate',
    '<%= config.bin %> baselines show --class person,car --csv',
  ];
  static override flags = {
    camera: footageFlags.camera,
    class: wordsFlag('Slots of these classes, such as person,car, instead of all together.'),
    'as-of': asOfFlag('As it was at that time; by default as stored.'),
    columns: listFlags.columns,
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { camera: cameras, class: classes, 'as-of': asOf, columns: wanted } = this.flags;
    const format = { wanted, format: listFormat(this.flags), terminal: this.stdout, emptyText: 'nothing is known yet' };
    const options = { cameras, asOf, zones: this.settings };
    await this.withDatabase(async ({ knex }) => {
      if (classes === undefined) {
        const columns = recordColumns(ACTIVITY_COLUMNS, ACTIVITY_COLUMNS.slice(0, 7));
        await printList(showActivity(knex, options), { columns, ...format });
        return;
      }
      await assertKnownClasses(knex, classes, this.settings.detector.classes);
      const columns = recordColumns(CLASS_COLUMNS, CLASS_COLUMNS.slice(0, 6));
      await printList(showClasses(knex, { ...options, classes }), { columns, ...format });
    });
  }
}
