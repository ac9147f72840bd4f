import { Flags } from '@oclif/core';
import { ReportCommand } from '../../cli/report-command.ts';
import { dateReportFlags } from '../../cli/report-flags.ts';

export default class ReportWeekly extends ReportCommand<typeof ReportWeekly> {
  static override summary = 'Report what happened in a week of footage.';
  static override description =
    'Events by level, with pictures of the most urgent ones in a page; times of day, footage and holes, alerts, changed views, files that could not be read, hours unlike those of the 30 days before. A page is one file that runs and fetches nothing. The same footage gives the same report.';
  static override examples = [
    '<%= config.bin %> report weekly --out week.html',
    '<%= config.bin %> report weekly --date 2026-01-14 --out reports/ --no-thumbnails',
  ];
  static override flags = {
    ...dateReportFlags,
    date: Flags.string({
      summary: 'Any day of the week, which begins on monday; by default that of the newest footage.',
      helpValue: 'YYYY-MM-DD',
    }),
  };

  async run(): Promise<void> {
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { reportAsJob } = await import('../../jobs/report-as-job.ts');
    const choice = { kind: 'weekly', date: this.flags.date, cameras: this.flags.camera } as const;
    await this.report(this.flags, (order) =>
      this.withDatabase((database) => reportAsJob({ job: this.jobOf(database, 'report weekly'), report: { choice, ...order } })),
    );
  }
}
