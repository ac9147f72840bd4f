import { actorName } from '../../cli/actor-name.ts';
import { checkThumbnails, exportFlags, exportProgress, writtenText } from '../../cli/export-flags.ts';
import { eventFlags, toEventFilter } from '../../cli/filter-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { readIds } from '../../cli/read-words.ts';
import { writeOut } from '../../cli/write-out.ts';
import { eventSource } from '../../services/export/export-source.ts';
import { assertKnownClasses } from '../../services/lists/assert-known-classes.ts';
import { resolveTarget, suffixOf } from '../../services/export/export-target.ts';

export default class ExportEvents extends HsCommand<typeof ExportEvents> {
  static override summary = 'Write events to a CSV, Excel, JSON, NDJSON or zip file.';
  static override description =
    'All rows come from one moment of the database. A file appears under its name when it is complete; one that is named with --out is replaced.';
  static override examples = [
    '<%= config.bin %> export events --since 7d --format csv --out week.csv',
    '<%= config.bin %> events list --level high --ids --limit 0 | <%= config.bin %> export events --ids - --format json --out -',
  ];
  static override flags = { ...exportFlags, ...footageFlags, ...eventFlags };

  async run(): Promise<void> {
    const { runExport } = await import('../../jobs/run-export.ts');
    const { thumbnailsFor } = await import('../../services/export/export-thumbnails.ts');
    const { format, columns, bom, since, until, camera: cameras, zone: inZones, 'fail-on-empty': failOnEmpty } = this.flags;
    if (this.flags.thumbnails) checkThumbnails(format, columns);
    const ids = await readIds(this.flags.ids);
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const choice = { scope: { since, until, cameras }, filter: { ...toEventFilter(this.flags), ids }, inZones };
    const target = await resolveTarget({
      out: this.flags.out,
      folder: process.cwd(),
      type: 'events',
      suffix: suffixOf(format),
      at: new Date(),
    });
    const about = { version: this.config.version, timezone: this.settings.timezone ?? 'UTC' };
    const output = { format, columns, bom, target, writeOut, ...about, actor: actorName(this.settings.actor), now: () => new Date() };
    const line = createProgressLine({ quiet: this.isQuiet });
    const { summary, exitCode } = await this.withDatabase(async (database) => {
      await assertKnownClasses(database.knex, this.flags.type, this.settings.detector.classes);
      return runExport({
        job: this.jobOf(database, 'export events'),
        source: await eventSource(database.knex, choice, this.settings),
        output: { ...output, thumbnails: this.flags.thumbnails ? thumbnailsFor(database.knex, 'events', this.settings) : undefined },
        failOnEmpty,
        onProgress: exportProgress(line),
      });
    });
    line.clear();
    this.exitWith(exitCode);
    if (target.kind === 'stdout') this.note(writtenText(summary.rows, 'event'));
    else if (this.flags.json) await this.printJson({ schema_version: 1, item: summary });
    else await this.print(`${writtenText(summary.rows, 'event')} to ${target.path}`);
  }
}
