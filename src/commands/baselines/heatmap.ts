import { Args, Flags } from '@oclif/core';

import type { Column } from '../../cli/column.ts';
import { heatMapText } from '../../cli/heat-map-text.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { listFlags, listFormat } from '../../cli/list-flags.ts';
import { asOfFlag } from '../../cli/moment-flags.ts';
import { printList } from '../../cli/print-list.ts';
import { heatMapOf, type CameraHeatMap } from '../../services/baselines/heat-map.ts';
import { WEEKDAYS } from '../../services/baselines/show-baselines.ts';
import { assertPlotPath } from '../../services/plots/plot-path.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';

type DayRecord = Readonly<Record<string, string | number | null>>;

const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour));

export default class BaselinesHeatmap extends HsCommand<typeof BaselinesHeatmap> {
  static override summary = 'Draw what is usual at a camera: hour × weekday, on the terminal or as a picture.';
  static override description = 'Tracks per hour of footage in the time of the camera. A cell without footage is blank, a quiet one is 0.';
  static override examples = [
    '<%= config.bin %> baselines heatmap gate',
    '<%= config.bin %> baselines heatmap gate --class person --out persons.png',
  ];
  static override args = { camera: Args.string({ description: 'id of the camera', required: true }) };
  static override flags = {
    class: Flags.string({ summary: 'Only this class, such as person.', helpValue: 'CLASS' }),
    'as-of': asOfFlag('As it was at that time; by default as stored.'),
    out: Flags.string({ summary: 'Write a drawing; the name ends in .svg or .png.', helpValue: 'FILE', exclusive: ['csv', 'ndjson'] }),
    ndjson: listFlags.ndjson,
    csv: listFlags.csv,
  };

  async run(): Promise<void> {
    const { class: label, 'as-of': asOf, out } = this.flags;
    if (out !== undefined) assertPlotPath(out);
    const map = await this.withDatabase(async ({ knex }) => {
      await assertKnownClasses(knex, label === undefined ? undefined : [label], this.settings.detector.classes);
      return heatMapOf(knex, { camera: this.args.camera, label, asOf, zones: this.settings });
    });
    if (out !== undefined) {
      const { writeHeatMap } = await import('../../services/baselines/write-heat-map.ts');
      this.remark(await writeHeatMap(out, map));
      this.note(`written to ${out}`);
    } else await this.printMap(map);
  }

  private async printMap(map: CameraHeatMap): Promise<void> {
    const format = listFormat(this.flags);
    if (format === 'table') {
      const what = map.label === null ? 'tracks' : `${map.label} tracks`;
      await this.print(`${what} per hour of footage at ${map.cameraId}, ${map.zone}\n`);
      await this.print(heatMapText(map.values, map.largest, this.stdout));
      return;
    }
    const rows = map.values.map((day, weekday) => ({
      weekday: WEEKDAYS[weekday] ?? '',
      ...Object.fromEntries(HOURS.map((hour, index) => [hour, day[index] ?? null])),
    }));
    const columns: Column<DayRecord>[] = ['weekday', ...HOURS].map((key) => ({ key, value: (row) => row[key] }));
    await printList<DayRecord>(rows, { columns, format, terminal: this.stdout });
  }
}
