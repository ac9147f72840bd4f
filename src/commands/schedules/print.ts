import { resolve } from 'node:path';
import { Flags } from '@oclif/core';
import { findGivenCommand, wordsAfterDashes } from '../../cli/given-command.ts';
import { HsCommand } from '../../cli/hs-command.ts';

const JSON_VERSION = 1;

export default class SchedulesPrint extends HsCommand<typeof SchedulesPrint> {
  static override summary = 'Print what lets this machine run a command of hs at certain times: a crontab line or systemd units.';
  static override description = `After -- comes the command of hs, as one would type it; it is checked, and quoted for where it goes. Comments say when it is
due next, and where clocks skip such a time or show it twice. Nothing is installed: put the text where the comments say.

--cron has five fields, minute hour day-of-month month day-of-week, or is @hourly, @daily, @weekly, @monthly or @yearly. Where both days
are given one of them is enough.`;
  static override examples = [
    "<%= config.bin %> schedules print --cron '0 1 * * *' --format systemd -- ingest /footage --stop-at 06:00",
    "<%= config.bin %> schedules print --cron '*/30 * * * *' --tz Europe/Berlin -- ingest /footage --quiet",
  ];
  static override strict = false;
  static override flags = {
    cron: Flags.string({ summary: 'When: a cron expression of five fields.', helpValue: 'EXPR', required: true }),
    tz: Flags.string({ summary: 'Time zone of these times; default: that of the machine.', helpValue: 'ZONE' }),
    format: Flags.option({ summary: 'For cron or for systemd.', options: ['crontab', 'systemd'] as const, default: 'crontab' as const })(),
    name: Flags.string({ summary: 'Name of the units and of the lock; default: from the command.', helpValue: 'NAME' }),
  };

  async run(): Promise<void> {
    const { printSchedule } = await import('../../services/schedules/print-schedule.ts');
    const { cron, tz: zone, format, json } = this.flags;
    const { id, words } = findGivenCommand(this.config, wordsAfterDashes(this.argv));
    const name = this.flags.name ?? `hs-${id.replaceAll(':', '-')}`;
    const program = [process.execPath, resolve(process.argv[1] ?? 'hs')];
    const printed = printSchedule({ cron, zone, format, name, program, words, home: this.settings.home, now: new Date() });
    if (json) await this.printJson({ schema_version: JSON_VERSION, ...printed });
    else if (format === 'crontab') await this.print(printed.files.map(({ text }) => text).join('\n'));
    else await this.print(printed.files.map(({ path, text }) => `# ${path}\n${text}`).join('\n'));
  }
}
