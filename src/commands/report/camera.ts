import { Args } from '@oclif/core';
import { footageFlags } from '../../cli/list-flags.ts';
import { ReportCommand } from '../../cli/report-command.ts';
import { reportFlags } from '../../cli/report-flags.ts';

export default class ReportCamera extends ReportCommand<typeof ReportCamera> {
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
    if (this.flags.queue) return this.leaveToWorkers(await import('../../jobs/queue-command.ts'));
    const { reportAsJob } = await import('../../jobs/report-as-job.ts');
    const choice = { kind: 'camera', camera: this.args.camera, since: this.flags.since, until: this.flags.until } as const;
    await this.report(this.flags, (order) =>
      this.withDatabase((database) => reportAsJob({ job: this.jobOf(database, 'report camera'), report: { choice, ...order } })),
    );
  }
}
