import { Args, Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import type { Column } from '../../cli/column.ts';
import { shareFlag } from '../../cli/share-flag.ts';
import { toId } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createItemView } from '../../cli/item-view.ts';
import { printList } from '../../cli/print-list.ts';
import { queueFlag } from '../../cli/queue-flag.ts';
import { readWords } from '../../cli/read-words.ts';
import type { DetectionCrop } from '../../services/detections/crop-detections.ts';

const COLUMNS: Column<DetectionCrop>[] = (['detection_id', 'width', 'height', 'bytes', 'path'] as const).map((key) => ({
  key,
  value: (crop) => crop[key],
}));

export default class DetectionsCrop extends HsCommand<typeof DetectionsCrop> {
  static override summary = 'Cut detected objects out of their footage, one picture each.';
  static override description =
    'Pictures are read from the original footage in full size and named like gate-20260114T081500.250Z-17-person.jpg: camera, moment of footage in UTC, id, class. A file of that name is replaced. Where an original is missing or was changed since it was ingested, its detections are told and the others go on.';
  static override examples = [
    '<%= config.bin %> detections crop 17 --pad 0.3 --format png',
    '<%= config.bin %> detections list --type person --since 1d --ids | <%= config.bin %> detections crop - --out people/',
  ];
  static override strict = false;
  static override args = {
    detection: Args.string({ description: 'id of a detection; several may be given, - reads them from standard input', required: true }),
  };
  static override flags = {
    out: Flags.string({ summary: 'Existing folder to write to.', helpValue: 'FOLDER', default: '.' }),
    pad: shareFlag({ summary: 'Add so much of the box on each side, 0 to 5.', most: 5, otherwise: 0.1 }),
    format: Flags.option({ summary: 'Format of the pictures.', options: ['jpeg', 'png'] as const })({ default: 'jpeg' }),
    verify: Flags.boolean({ summary: 'Compare originals by their sha256, not only by size and time.', default: false }),
    queue: queueFlag(),
  };

  async run(): Promise<void> {
    const { cropAsJob } = await import('../../jobs/crop-as-job.ts');
    const { out, pad, format, verify, json } = this.flags;
    const ids = (await readWords(this.words)).map(toId);
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const shown = { columns: COLUMNS, format: json ? 'json' : 'table', terminal: this.stdout, emptyText: 'no pictures were made' } as const;
    const view = createItemView({ quiet: this.isQuiet, unit: 'crops' });
    const work = this.withDatabase((database) =>
      cropAsJob({
        job: this.jobOf(database, 'detections crop'),
        order: { ids, out, pad, format, verify, settings: this.settings, actor: actorName(this.settings.actor) },
        show: (crops) => printList(view.cleared(crops), shown),
        onFailure: view.fail,
        onProgress: view.update,
      }),
    );
    this.exitWith(await work.finally(view.close));
  }
}
