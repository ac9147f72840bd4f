import { Args } from '@oclif/core';
import { actorName } from '../../cli/actor-name.ts';
import { HsCommand } from '../../cli/hs-command.ts';
import { footageFlags } from '../../cli/list-flags.ts';
import { createProgressLine } from '../../cli/progress-line.ts';
import { reportFlags, pictureProgress, reportWritten, toReportOutput } from '../../cli/report-flags.ts';
import { EXIT } from '../../errors/exit-codes.ts';

export default class ReportCamera extends HsCommand<typeof ReportCamera> {
  static override summary = 'Report what happened at one camera.';
  static override description =
    'Without --since of the seven days up to the newest footage. Events by level, with pictures of the most urgent ones in a page; times of day, footage and holes, alerts, changed views, files that could not be read, hours unlike those of the 30 days before. A page is one file that runs and fetches nothing. The same footage gives the same report.';
  static override examples = [
    '<%= config.bin %> report camera front_door --out front_door.html',
    '<%= config.bin %> report camera garage --since 2026-01-01 --until 2026-01-31 --format json',
  ];
  static override args = { camera: Args.string({ description: 'id or name of a camera', required: true }) };
  static override flags = {
    ...reportFlags,
    since: footageFlags.since,
    until: footageFlags.until,
  };

  async run(): Promise<void> {
    const { writeReport } = await import('../../services/report/write-report.ts');
    const { settings, signal } = this;
    const line = createProgressLine({ quiet: this.isQuiet });
    const made = { settings, signal, version: this.config.version, actor: actorName(settings.actor), onPicture: pictureProgress(line) };
    const choice = { kind: 'camera', camera: this.args.camera, since: this.flags.since, until: this.flags.until } as const;
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
