import { Flags } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { dateReportFlags, pictureProgress, reportWritten, toReportOutput } from '../../cli/report-flags.ts';
import { EXIT } from '../../errors/exit-codes.ts';

export default class ReportDaily extends HsCommand<typeof ReportDaily> {
  static override summary = 'Report what happened on a day of footage.';
  static override description =
    'Events by level, with pictures of the most urgent ones in a page; times of day, footage and holes, alerts, changed views, files that could not be read, hours unlike those of the 30 days before. A page is one file that runs and fetches nothing. The same footage gives the same report.';
  static override examples = [
    '<%= config.bin %> report daily',
    '<%= config.bin %> report daily --date 2026-01-14 --out day.html',
    '<%= config.bin %> report daily --camera front* --json',
  ];
  static override flags = {
    ...dateReportFlags,
    date: Flags.string({ summary: 'Day, by the clock of the cameras; by default that of the newest footage.', helpValue: 'YYYY-MM-DD' }),
  };

  async run(): Promise<void> {
    const { writeReport } = await import('../../services/report/write-report.ts');
    const { settings, signal } = this;
    const line = createProgressLine({ quiet: this.isQuiet });
    const made = { settings, signal, version: this.config.version, actor: actorName(settings.actor), onPicture: pictureProgress(line) };
    const choice = { kind: 'daily', date: this.flags.date, cameras: this.flags.camera } as const;
    const { isEmpty, ...item } = await this.withDatabase(({ knex }) =>
      writeReport(knex, { choice, ...toReportOutput(this.flags), ...made }),
    );
    line.clear();
    if (isEmpty && this.flags['fail-on-empty']) this.exitWith(EXIT.nothingMatched);
    if (item.path === null) return;
    if (this.flags.json) await this.printJson({ schema_version: 1, item });
    else await this.print(`${reportWritten(item)} to ${item.path}`);
  }
}
