import { actorName } from '../../cli/actor-name.ts';
import { alertFlags, toAlertFilter } from '../../cli/alert-flags.ts';
import { exportProgress, plainExportFlags, writtenText } from '../../cli/export-flags.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { readAlertIds } from '../../cli/read-words.ts';
import { writeOut } from '../../cli/write-out.ts';
import { alertSource } from '../../services/export/export-source.ts';
import { resolveTarget, suffixOf } from '../../services/export/export-target.ts';

export default class ExportAlerts extends HsCommand<typeof ExportAlerts> {
  static override summary = 'Write alerts to a CSV, Excel, JSON, NDJSON or zip file.';
  static override description =
    'All rows come from one moment of the database. A file appears under its name when it is complete; one that is named with --out is replaced.';
  static override examples = [
    '<%= config.bin %> export alerts --since 7d --severity high,critical --format excel --out alerts.xlsx',
    '<%= config.bin %> alerts list --rule Loitering --ids --limit 0 | <%= config.bin %> export alerts --ids - --format json --out -',
  ];
  static override flags = { ...plainExportFlags, ...footageFlags, ...alertFlags };

  async run(): Promise<void> {
    const { runExport } = await import('../../jobs/run-export.ts');
    const { format, columns, bom, since, until, camera: cameras, rule: rules, 'fail-on-empty': failOnEmpty } = this.flags;
    const ids = await readAlertIds(this.flags.ids);
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const choice = { scope: { since, until, cameras }, filter: { ...toAlertFilter(this.flags), ids }, rules };
    const name = { folder: process.cwd(), type: 'alerts', suffix: suffixOf(format), at: new Date() };
    const target = await resolveTarget({ out: this.flags.out, ...name });
    const about = { version: this.config.version, timezone: this.settings.timezone ?? 'UTC' };
    const output = { format, columns, bom, target, writeOut, ...about, actor: actorName(this.settings.actor), now: () => new Date() };
    const line = createProgressLine({ quiet: this.isQuiet });
    const { summary, exitCode } = await this.withDatabase(async (database) =>
      runExport({
        job: this.jobOf(database, 'export alerts'),
        source: await alertSource(database.knex, choice, this.settings),
        output,
        failOnEmpty,
        onProgress: exportProgress(line),
      }),
    );
    line.clear();
    this.exitWith(exitCode);
    if (target.kind === 'stdout') this.note(writtenText(summary.rows, 'alert'));
    else if (this.flags.json) await this.printJson({ schema_version: 1, item: summary });
    else await this.print(`${writtenText(summary.rows, 'alert')} to ${target.path}`);
  }
}
