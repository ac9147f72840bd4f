import { Flags } from '@oclif/core';
import { HsCommand } from '../../cli/hs-command.ts';
import { jobsTopText } from '../../cli/jobs-top-text.ts';
import { showLive } from '../../cli/live-screen.ts';
import { readJobActivity, type JobActivity } from '../../services/jobs/job-activity.ts';

const JSON_VERSION = 1;
const DEFAULT_INTERVAL_S = 2;

export default class JobsTop extends HsCommand<typeof JobsTop> {
  static override summary = 'Show who works on what, how fast, and what waits in the queues.';
  static override description = `On a terminal the view is drawn again every few seconds until Ctrl-C, which ends it with 130; otherwise it is printed
once. Rates are those of the last five minutes, or since a run began: files that were looked at, or jobs that were finished. The time that
is left follows from the progress of the job so far, and that of a queue from its rate. Only runs whose process is there are shown;
(direct) are jobs that were in no queue.`;
  static override examples = ['<%= config.bin %> jobs top', '<%= config.bin %> jobs top --once', '<%= config.bin %> jobs top --json'];
  static override flags = {
    interval: Flags.integer({ summary: 'Draw again every S seconds.', helpValue: 'S', min: 1, max: 3600, default: DEFAULT_INTERVAL_S }),
    once: Flags.boolean({ summary: 'Print it once and end.' }),
  };

  async run(): Promise<void> {
    const { once, json, interval } = this.flags;
    const isLive = this.stdout.isInteractive && process.env['TERM'] !== 'dumb' && !once && !json;
    this.stopsQuietly = isLive;
    await this.withDatabase(async ({ knex }) => {
      const { signal } = this;
      const draw = async (): Promise<string> => this.draw(await readJobActivity(knex));
      if (isLive) await showLive({ draw, intervalMs: interval * 1000, signal });
      else if (json) await this.printJson({ schema_version: JSON_VERSION, ...(await readJobActivity(knex)) });
      else await this.print(await jobsTopText(await readJobActivity(knex), this.stdout));
    });
  }

  private async draw(activity: JobActivity): Promise<string> {
    const at = activity.at.toISOString().slice(0, 19).replace('T', ' ');
    const head = `hs jobs top · ${at} UTC · every ${String(this.flags.interval)} s · Ctrl-C ends`;
    return `${head}\n\n${await jobsTopText(activity, this.stdout)}`;
  }
}
