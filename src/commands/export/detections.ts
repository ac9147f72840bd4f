import { actorName } from '../../cli/actor-name.ts';
import { boxExportFlags, checkBoxFlags, checkThumbnails, exportProgress, writtenText } from '../../cli/export-flags.ts';
import { detectionFlags, toDetectionChoice } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { readIds } from '../../cli/read-words.ts';
import { writeOut } from '../../cli/write-out.ts';
import { detectionSource } from '../../services/export/export-source.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';
import { resolveTarget, suffixOf } from '../../services/export/export-target.ts';

export default class ExportDetections extends HsCommand<typeof ExportDetections> {
  static override summary = 'Write detected objects to a CSV, Excel, JSON, NDJSON, zip, COCO or MegaDetector file.';
  static override description =
    'All rows come from one moment of the database. A file appears under its name when it is complete; one that is named with --out is replaced.\n\ncoco and megadetector hold boxes, file by file, and classes keep their names. Narrowed by no more than time and camera, they also have the frames in which nothing was found, so that hs ingest --from makes the same of them; otherwise only files in which something was found. COCO boxes are in pixels, and a frame of a video is an image named like gate/a.mp4#t=1.5. MegaDetector boxes are shares of the picture to 6 decimals (format 1.6), and frames of videos are numbered by the frame rate of the file; where that is not known it is given as 1000, and frame numbers are milliseconds. A file outside --root keeps its whole path.';
  static override examples = [
    '<%= config.bin %> export detections --since 1d --type person --out people.csv',
    '<%= config.bin %> export detections --format coco --root ~/footage --out boxes.json',
  ];
  static override flags = { ...boxExportFlags, ...footageFlags, ...detectionFlags };

  async run(): Promise<void> {
    const { runExport } = await import('../../jobs/run-export.ts');
    const { thumbnailsFor } = await import('../../services/export/export-thumbnails.ts');
    const { format, columns, bom, since, until, camera: cameras, 'fail-on-empty': failOnEmpty } = this.flags;
    if (this.flags.thumbnails) checkThumbnails(format, columns);
    const root = await checkBoxFlags(this.flags);
    const ids = await readIds(this.flags.ids);
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { filter, ...choiceOf } = toDetectionChoice(this.flags);
    const choice = { scope: { since, until, cameras }, filter: { ...filter, ids }, ...choiceOf };
    const target = await resolveTarget({
      out: this.flags.out,
      folder: process.cwd(),
      type: 'detections',
      suffix: suffixOf(format),
      at: new Date(),
    });
    const about = { version: this.config.version, timezone: this.settings.timezone ?? 'UTC' };
    const output = { format, columns, bom, root, target, writeOut, ...about, actor: actorName(this.settings.actor), now: () => new Date() };
    const line = createProgressLine({ quiet: this.isQuiet });
    const { summary, exitCode } = await this.withDatabase(async (database) => {
      await assertKnownClasses(database.knex, this.flags.type, this.settings.detector.classes);
      return runExport({
        job: this.jobOf(database, 'export detections'),
        source: await detectionSource(database.knex, choice, this.settings),
        output: { ...output, thumbnails: this.flags.thumbnails ? thumbnailsFor(database.knex, 'detections', this.settings) : undefined },
        failOnEmpty,
        onProgress: exportProgress(line),
      });
    });
    line.clear();
    this.exitWith(exitCode);
    if (target.kind === 'stdout') this.note(writtenText(summary.rows, 'detection'));
    else if (this.flags.json) await this.printJson({ schema_version: 1, item: summary });
    else await this.print(`${writtenText(summary.rows, 'detection')} to ${target.path}`);
  }
}
